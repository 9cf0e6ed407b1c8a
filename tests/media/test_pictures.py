"""Pictures: upright, eight bits, RGB, whatever the file's mode."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duchenne.errors import MediaError
from duchenne.media import open_media


def only(path: Path) -> np.ndarray:
    (frame,) = open_media(path)
    assert frame.pixels.dtype == np.uint8
    return frame.pixels


@pytest.mark.parametrize(
    ("suffix", "modes"),
    [
        ("png", "RGB L 1 P"),
        ("jpg", "RGB L 1 CMYK YCbCr"),
        ("tiff", "RGB L 1 P CMYK YCbCr"),
        ("webp", "RGB L"),
        ("bmp", "RGB L 1 P"),
        ("gif", "RGB L 1 P"),
    ],
)
def test_every_mode_becomes_rgb(tmp_path: Path, suffix: str, modes: str) -> None:
    for mode in modes.split():
        path = tmp_path / f"{mode}.{suffix}"
        Image.new("RGB", (8, 6), (255, 255, 255)).convert(mode).save(path)
        pixels = only(path)
        assert pixels.shape == (6, 8, 3), mode
        assert pixels.min() > 250, mode


def test_transparency_is_put_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(tmp_path / "a.png")
    assert (only(tmp_path / "a.png") == 255).all()


def test_exif_rotation_is_applied(tmp_path: Path) -> None:
    pixels = np.zeros((10, 20, 3), np.uint8)
    pixels[:5, :10] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    Image.fromarray(pixels).save(tmp_path / "a.jpg", exif=exif, quality=100)
    upright = only(tmp_path / "a.jpg")
    assert upright.shape == (20, 10, 3)
    assert upright[2, 8].min() > 200
    assert upright[2, 2].max() < 50


def test_sixteen_bits_keep_their_range(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    Image.fromarray(ramp).save(tmp_path / "a.png")
    grey = only(tmp_path / "a.png")[..., 0]
    assert grey.ravel().tolist() == list(range(256))


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_an_animation_is_a_video_with_its_own_delays(tmp_path: Path, suffix: str) -> None:
    pictures = [Image.new("RGB", (9, 7), (i * 60, 0, 0)) for i in range(4)]
    path = tmp_path / f"a.{suffix}"
    pictures[0].save(
        path, save_all=True, append_images=pictures[1:], duration=[80, 90, 120, 40], lossless=True
    )
    media = open_media(path)
    assert (media.info.kind, media.info.frames) == ("video", 4)
    assert [f.time for f in media] == pytest.approx([0.0, 0.08, 0.17, 0.29])
    assert [round(int(f.pixels[0, 0, 0]) / 60) for f in media] == [0, 1, 2, 3]


def test_a_broken_picture_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(MediaError, match=r"a\.png"):
        list(open_media(path))


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    Image.new("RGB", (8, 6)).save(tmp_path / "really_a.png")
    renamed = (tmp_path / "really_a.png").rename(tmp_path / "clip.mp4")
    assert open_media(renamed).info.kind == "picture"


def test_a_real_picture_with_alpha(shared_media: Path) -> None:
    assert only(shared_media / "Image_with_alpha.png").shape == (1036, 1524, 3)


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_a_dark_deep_picture_stays_dark(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(np.full((6, 8), 200, np.uint16)).save(path)
    assert only(path).max() <= 1


def test_floats_up_to_one_reach_white(tmp_path: Path) -> None:
    ramp = np.linspace(0, 1, 48, dtype=np.float32).reshape(6, 8)
    Image.fromarray(ramp).save(tmp_path / "a.tiff")
    grey = only(tmp_path / "a.tiff")[..., 0]
    assert (grey.min(), grey.max()) == (0, 255)


def test_a_transparent_palette_is_put_on_white(tmp_path: Path) -> None:
    picture = Image.new("P", (8, 6), 0)
    picture.putpalette([200, 0, 0, 0, 0, 200])
    picture.putpixel((0, 0), 1)
    picture.save(tmp_path / "a.gif", transparency=0)
    pixels = only(tmp_path / "a.gif")
    assert pixels[0, 0].tolist() == [0, 0, 200]
    assert pixels[3, 3].tolist() == [255, 255, 255]


def test_broken_exif_does_not_break_the_picture(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (8, 6), (255, 255, 255)).save(
        path, exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01"
    )
    assert only(path).shape == (6, 8, 3)
    assert capfd.readouterr().err == ""


def test_of_several_pages_the_first_counts(tmp_path: Path) -> None:
    pages = [Image.new("L", (8, 6), value) for value in (40, 200)]
    pages[0].save(tmp_path / "a.tiff", save_all=True, append_images=pages[1:])
    assert only(tmp_path / "a.tiff").max() == 40
