"""The errors a user can cause, and the only ones the command line turns into a sentence."""


class DuchenneError(Exception):
    """What went wrong and what to do about it, in one sentence for the person at the keyboard."""


class MediaError(DuchenneError):
    """A picture, video or camera that cannot be read."""


class ModelError(DuchenneError):
    """A model file that is missing, damaged or comes without its card."""


class DataError(DuchenneError):
    """A data set or table that does not have the shape it should have."""


class MissingExtraError(DuchenneError):
    """An optional dependency that this command needs is not installed."""


def in_a_sentence(error: DuchenneError | OSError) -> str:
    """What to tell the person: our own words, or the system's with the file's name if known."""
    if not isinstance(error, OSError):
        return str(error)
    if error.filename is not None:
        return f"{error.filename} cannot be used: {reason(error)}."
    # A disk that fills up while a file is written comes without the file's name.
    return f"The system cannot go on: {reason(error)}." if error.strerror else str(error)


def reason(error: BaseException) -> str:
    """Why something failed, in one line, for the end of a sentence of ours.

    The system's word comes without its number and path, a missing key as what is lacking, and
    other libraries' words without their line breaks and last full stop.
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    lacking = isinstance(error, KeyError) and bool(error.args)
    words = " ".join(str(error.args[0] if lacking else error).split()).rstrip(". ")
    if lacking and words and " " not in words:
        return f"it lacks {words}"
    return words or type(error).__name__
