# duchenne in a container: docker build -t duchenne . (docs/install.md)
ARG PYTHON=3.12

FROM python:${PYTHON}-slim-bookworm AS wheel
# An index of your own, where PyPI cannot be reached.
ARG PIP_INDEX_URL
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:${PYTHON}-slim-bookworm

# Extras besides the core, as pip names them: "[app]" for the web page.
ARG EXTRAS=""
ARG PIP_INDEX_URL

COPY --from=wheel /wheels /wheels
RUN pip install --no-cache-dir "$(echo /wheels/*.whl)${EXTRAS}"

# Nobody's pictures are read as root. Give --user "$(id -u):$(id -g)" to own what is written.
RUN useradd --create-home --uid 1000 duchenne \
    && install -d -o duchenne -g duchenne /data

# Fetched now and readable by all, so that a container needs no network, nor any user a home.
ENV DUCHENNE_MODELS=/opt/duchenne \
    DUCHENNE_LIBRARY=/data/library \
    MPLCONFIGDIR=/tmp/matplotlib \
    PYTHONUNBUFFERED=1
RUN duchenne models fetch && duchenne doctor --check

# By number, so that Kubernetes can see that it is not root.
USER 1000
WORKDIR /data
VOLUME ["/data"]
# For `serve`, which listens on loopback unless told --host 0.0.0.0 --token TOKEN.
EXPOSE 8000
ENTRYPOINT ["duchenne"]
CMD ["--help"]
