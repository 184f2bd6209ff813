"""Images, documents and sounds as values: what they are made of, what is refused, and what is never shown."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from patterns import Audio, Document, Image, InputError
from patterns.messages import Message
from patterns.parts import media_type
from tests.media import gif, jpeg, pdf, png, wav, webp

CANARY = b"CANARY-in-the-picture"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (png(), "image/png"),
        (jpeg(), "image/jpeg"),
        (gif(), "image/gif"),
        (webp(), "image/webp"),
        (pdf(), "application/pdf"),
        (b"\xef\xbb\xbf\n" + pdf(), "application/pdf"),
        (wav(), "audio/wav"),
        (b"ID3\4\0\0\0\0\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\0", "audio/mpeg"),
        (b"fLaC\0", "audio/flac"),
        (b"OggS\0", "audio/ogg"),
        (b"<svg/>", None),
        (b"\xff\xfeh\0i\0", None),
        (b"RIFF\0\0\0\0AVI ", None),
        (b"", None),
    ],
)
def test_the_content_tells_the_media_type(data: bytes, told: str | None) -> None:
    assert media_type(data) == told


def test_a_file_is_read_and_keeps_its_name_alone(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(png())
    for image in (Image(path), Image(str(path))):
        assert (image.data, image.media_type, image.name) == (png(), "image/png", "photo.png")
        assert image != Image(png())
        assert image == Image(png(), name="photo.png")


def test_equal_content_is_equal_and_survives_a_pickle() -> None:
    image = Image(png())
    assert image.digest == Image(bytearray(png())).digest
    assert pickle.loads(pickle.dumps(image)) == image
    assert len({image, Image(memoryview(png())), Image(png(5))}) == 2
    with pytest.raises(AttributeError):
        image.data = b""  # type: ignore[misc]


@pytest.mark.parametrize(
    ("make", "said", "advice"),
    [
        (lambda: Image(b""), "is empty", ""),
        (lambda: Image(b"<svg/>"), "is not PNG, JPEG, GIF or WebP", "convert it"),
        (lambda: Image(pdf()), "holds application/pdf, and not an image", "Document(…)"),
        (lambda: Document(png()), "holds image/png, and not a document", "Image(…)"),
        (lambda: Audio(webp()), "holds image/webp", "Image(…)"),
        (lambda: Image(jpeg(), name="a.png"), "is image/png by its name and image/jpeg by its content", "right name"),
        (lambda: Image(png() + bytes(20_000_000)), "has 20.0 MB, and an image may have 20.0 MB", "fewer pixels"),
        (lambda: Image("nowhere.png"), "there is no such file", ""),
        (lambda: Image("a\0b.png"), "cannot hold a NUL", ""),
        (lambda: Image("a" * 300), "cannot be read: File name too long", ""),
        (lambda: Image(Path(__file__).parent), "is no file", ""),
        (lambda: Image(os.devnull), "is no file", ""),
        (lambda: Image("http://example.com/a.png"), "must begin with https://", "pass its path"),
        (lambda: Image("file:///etc/passwd"), "must begin with https://", "pass its path"),
        (lambda: Image("https://me:word@example.com/a.png"), "no password", ""),
        (lambda: Document("https://example.com/a.pdf"), "takes no address", "download it"),
        (lambda: Image(7), "takes bytes or a path, not a int", ""),
    ],
)
def test_what_is_no_such_part_is_refused_with_advice(make: object, said: str, advice: str) -> None:
    with pytest.raises(InputError) as caught:
        make()  # type: ignore[operator]
    assert said in caught.value.message
    assert advice in caught.value.hint


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(10**12)  # sparse: it takes no room, but reading it would
    with pytest.raises(InputError, match="may have"):
        Image(path)


def test_nothing_shows_the_content() -> None:
    image = Image(png(note=CANARY))
    message = Message("user", ("What is this?", image))
    assert str(image) == "[image/png 112 bytes]"
    for shown in (repr(image), str(image), repr(message), message.text, f"{image}", repr([message])):
        assert "CANARY" not in shown
        assert "image/png" in shown


def test_an_address_shows_its_host_alone() -> None:
    image = Image("https://files.example.com/a/b.jpg?signature=CANARY")
    assert image.media_type == "image/jpeg"
    assert repr(image) == "Image(image/jpeg at files.example.com)"


def test_a_message_of_text_is_as_it_was() -> None:
    message = Message("user", "Hello")
    assert (message.text, message.parts, message.content) == ("Hello", (), "Hello")
    assert not hasattr(message, "__dict__")
