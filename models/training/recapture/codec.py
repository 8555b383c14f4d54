"""Lossy codecs as they are: their blocks and smeared details are too odd to be imitated."""

import os
import subprocess
import tempfile

import cv2
import numpy as np


def jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    """A picture (HxWx3 uint8 RGB) that was saved as JPEG and read again."""
    _, packed = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, int(quality)])
    return cv2.cvtColor(cv2.imdecode(packed, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def h264(picture: np.ndarray, crf: int, rng: np.random.Generator) -> np.ndarray:
    """A frame of a video: coded as what changed since the frame before, which was the same a little aside."""
    height, width = picture.shape[:2]
    # Chroma is kept for every other pixel, so sides must be even.
    even = cv2.copyMakeBorder(picture, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    move = np.array([[1, 0, rng.uniform(-2, 2)], [0, 1, rng.uniform(-2, 2)]])
    before = cv2.warpAffine(even, move, even.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
    rows, columns = even.shape[:2]
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24"]
    encoder = ["-c:v", "libx264", "-preset", "superfast", "-tune", "zerolatency", "-crf", str(int(crf))]
    # One thread: more would make the result depend on the machine.
    packed = _ffmpeg(
        [
            *raw,
            "-s",
            f"{columns}x{rows}",
            "-i",
            "-",
            *encoder,
            "-threads",
            "1",
            "-pix_fmt",
            "yuv420p",
            "-f",
            "h264",
            "-",
        ],
        before.tobytes() + even.tobytes(),
    )
    return np.ascontiguousarray(_last_frame(packed)[:height, :width])


def _last_frame(packed: bytes) -> np.ndarray:
    """Decoded within this process: to start another program costs more than the work."""
    with tempfile.NamedTemporaryFile(suffix=".h264") as file:
        file.write(packed)
        file.flush()
        video = cv2.VideoCapture(file.name, cv2.CAP_FFMPEG)
        last = None
        while (read := video.read())[0]:
            last = read[1]
        video.release()
    if last is None:
        raise RuntimeError("this OpenCV cannot read H.264: it was built without ffmpeg")
    return cv2.cvtColor(last, cv2.COLOR_BGR2RGB)


def _ffmpeg(arguments: list[str], given: bytes) -> bytes:
    binary = os.environ.get("FFMPEG", "ffmpeg")
    command = [binary, "-hide_banner", "-loglevel", "error", "-nostdin", *arguments]
    try:
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout
    except FileNotFoundError as error:
        raise RuntimeError(f"no ffmpeg at '{binary}': install it, or name it in the variable FFMPEG") from error
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"ffmpeg failed: {error.stderr.decode(errors='replace').strip()}") from error
