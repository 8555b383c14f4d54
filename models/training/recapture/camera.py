"""From light to the picture that a webcam or a telephone makes of it."""

from dataclasses import dataclass

import cv2
import numpy as np

from .codec import h264, jpeg
from .sensor import sensed
from .surface import to_linear, to_srgb

MID_GREY = 0.18
_STEPS = 255
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True)
class CameraParameters:
    metering: float  # how much of the metering is the middle's, 0..1; the rest is the whole picture's
    exposure_error: float  # ln of the gain over what metering asks
    grey_world: float  # how far automatic white balance takes the mean colour to grey, 0..1
    white_error: tuple[float, float]  # ln of red and of blue against green
    scale: float  # of the sensor to the picture it gives
    defocus: float  # radius in pixels
    disc: bool  # a wide-open lens blurs to a disc, aberrations rather to a bell
    motion: tuple[float, float]  # length in pixels, angle
    vignetting: float  # light lost in the corners, 0..1
    flare: float  # share of the light that strays all over the picture
    shot_noise: float  # deviation at white
    read_noise: float  # deviation in the dark
    chroma_noise: float  # share of the noise that is coarse and coloured
    denoise: str  # 'none', 'median' or 'bilateral'
    contrast: float  # of the tone curve's S; 0 is none, below 0 is flat
    gamma: float
    lift: float  # the tone that black is shown as; below 0, dark tones are lost
    saturation: float
    sharpening: float  # amount of the unsharp mask
    sharpening_radius: float
    jpeg_quality: int  # 0 is none
    h264_crf: int  # 0 is none


def draw_camera(rng: np.random.Generator) -> CameraParameters:
    """Any camera that an attack may be held before: most are decent, some are cheap or badly set."""
    return _draw(rng, bend=1.0, added=1.0)


def draw_mild_camera(rng: np.random.Generator) -> CameraParameters:
    """A second camera after the one that made a picture: tones are hardly bent again, all else is as with attacks."""
    return _draw(rng, bend=0.4, added=0.65)


def _draw(rng: np.random.Generator, bend: float, added: float) -> CameraParameters:
    # A genuine picture has a camera's noise and sharpening in it already, and no screen or paper has blurred them.
    noise = float(np.exp(rng.normal(np.log(0.006), 0.8))) * added
    cheap = rng.random() < 0.3
    video = rng.random() < 0.18
    return CameraParameters(
        metering=float(rng.uniform(0, 1)),
        exposure_error=float(rng.normal(0.25, 0.5) * bend),
        grey_world=float(rng.uniform(0, 0.5) * bend),
        white_error=(float(rng.normal(0, 0.1) * bend), float(rng.normal(0, 0.13) * bend)),
        scale=float(rng.uniform(0.5, 0.9)) if cheap else 1.0,
        defocus=float(min(rng.gamma(1.3, 0.55), 3.0)),
        disc=bool(rng.random() < 0.5),
        motion=(float(rng.uniform(1.5, 6)) if rng.random() < 0.15 else 0.0, float(rng.uniform(0, np.pi))),
        vignetting=float(rng.beta(1.2, 5) * 0.8),
        flare=float(rng.beta(1, 40)),
        shot_noise=noise,
        read_noise=noise * float(rng.uniform(0.03, 0.25)),
        chroma_noise=float(rng.uniform(0, 0.8)),
        denoise=str(rng.choice(["none", "median", "bilateral"], p=[0.65, 0.1, 0.25])),
        contrast=float(rng.normal(0.35, 0.35) * bend),
        gamma=float(np.exp(rng.normal(0, 0.1) * bend)),
        lift=float(rng.normal(-0.015, 0.025) * bend),
        saturation=float(np.exp(rng.normal(0.05, 0.18) * bend)),
        sharpening=float(rng.gamma(1.2, 0.5)) * added if rng.random() < 0.7 else 0.0,
        sharpening_radius=float(rng.uniform(0.7, 1.8)),
        jpeg_quality=0 if video and rng.random() < 0.5 else int(rng.integers(50, 96)),
        h264_crf=int(rng.integers(20, 34)) if video else 0,
    )


def take(light: np.ndarray, parameters: CameraParameters, rng: np.random.Generator) -> np.ndarray:
    """The picture (HxWx3 uint8 RGB) of some linear light, exposed automatically."""
    middle = _middle(light)
    metered = parameters.metering * _brightness(middle) + (1 - parameters.metering) * _brightness(light)
    # Amplifiers have an end: a dark scene stays dark.
    gain = float(np.clip(MID_GREY / (metered + 1e-6), 0.05, 8.0))
    return _finish(light, gain, parameters, rng)


def take_again(picture: np.ndarray, parameters: CameraParameters, rng: np.random.Generator) -> np.ndarray:
    """Another camera's picture of what a picture (HxWx3 uint8 RGB) shows; its exposure was right already."""
    return _finish(to_linear(picture.astype(np.float32) / 255), 1.0, parameters, rng)


def _finish(light: np.ndarray, gain: float, parameters: CameraParameters, rng: np.random.Generator) -> np.ndarray:
    height, width = light.shape[:2]
    size = (max(16, round(width * parameters.scale)), max(16, round(height * parameters.scale)))
    seen = light if parameters.scale == 1 else cv2.resize(light, size, interpolation=cv2.INTER_AREA)
    seen = _through_lens(seen, parameters)
    gains = gain * np.exp(parameters.exposure_error) * _white_balance(seen, parameters)
    exposed = sensed(
        seen * gains.astype(np.float32), parameters.shot_noise, parameters.read_noise, parameters.chroma_noise, rng
    )
    picture = _toned(exposed, parameters)
    if parameters.denoise == "median":
        picture = cv2.medianBlur(picture, 3)
    elif parameters.denoise == "bilateral":
        picture = cv2.bilateralFilter(picture, 5, 18, 2)
    if parameters.sharpening:
        soft = cv2.GaussianBlur(picture, (0, 0), parameters.sharpening_radius)
        picture = cv2.addWeighted(picture, 1 + parameters.sharpening, soft, -parameters.sharpening, 0)
    if parameters.scale != 1:
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)
    if parameters.h264_crf:
        picture = h264(picture, parameters.h264_crf, rng)
    if parameters.jpeg_quality:
        picture = jpeg(picture, parameters.jpeg_quality)
    return picture


def _middle(light: np.ndarray) -> np.ndarray:
    height, width = light.shape[:2]
    return light[height // 4 : height - height // 4, width // 4 : width - width // 4]


def _brightness(light: np.ndarray) -> float:
    """Meters cap what is far brighter than the rest, or one lamp would darken all."""
    luma = light[::4, ::4] @ _LUMA
    return float(np.minimum(luma, 3 * luma.mean()).mean())


def _through_lens(light: np.ndarray, parameters: CameraParameters) -> np.ndarray:
    if parameters.defocus > 0.35:
        if parameters.disc:
            light = cv2.filter2D(light, -1, disc(parameters.defocus), borderType=cv2.BORDER_REPLICATE)
        else:
            light = cv2.GaussianBlur(light, (0, 0), parameters.defocus / 1.8, borderType=cv2.BORDER_REPLICATE)
    length, angle = parameters.motion
    if length > 1:
        light = cv2.filter2D(light, -1, line(length, angle), borderType=cv2.BORDER_REPLICATE)
    if parameters.flare:
        stray = light.mean((0, 1)) * np.float32(parameters.flare)
        light = light * np.float32(1 - parameters.flare) + stray
    if parameters.vignetting:
        height, width = light.shape[:2]
        y, x = np.linspace(-1, 1, height, dtype=np.float32), np.linspace(-1, 1, width, dtype=np.float32)
        loss = np.float32(parameters.vignetting / 2) * (y[:, None] ** 2 + x[None, :] ** 2)
        light = light * (1 - loss)[..., None]
    return light


def disc(radius: float) -> np.ndarray:
    """A disc with a soft rim, so that radii between whole pixels count."""
    reach = int(np.ceil(radius))
    axis = np.arange(-reach, reach + 1, dtype=np.float32)
    kernel = np.clip(radius + 0.5 - np.hypot(axis[:, None], axis[None, :]), 0, 1)
    return kernel / kernel.sum()


def line(length: float, angle: float) -> np.ndarray:
    reach = int(np.ceil(length / 2))
    axis = np.arange(-reach, reach + 1, dtype=np.float32)
    along = axis[None, :] * np.cos(angle) + axis[:, None] * np.sin(angle)
    aside = axis[:, None] * np.cos(angle) - axis[None, :] * np.sin(angle)
    kernel = np.clip(length / 2 + 0.5 - abs(along), 0, 1) * np.clip(1 - abs(aside), 0, 1)
    return (kernel / kernel.sum()).astype(np.float32)


def _white_balance(light: np.ndarray, parameters: CameraParameters) -> np.ndarray:
    """Gains of red, green and blue: towards a grey mean, as most cameras guess, and wrong by some error."""
    mean = light[::4, ::4].mean((0, 1)) + 1e-4
    towards_grey = np.clip(mean[1] / mean, 0.5, 2.0) ** parameters.grey_world
    red, blue = parameters.white_error
    return towards_grey * np.exp(np.array([red, 0.0, blue]))


def _toned(light: np.ndarray, parameters: CameraParameters) -> np.ndarray:
    """The tone curve and the colour matrix; 8 bits come of it."""
    tones = to_srgb(light)
    if parameters.saturation != 1:
        grey = (tones @ _LUMA)[..., None]
        tones = grey + (tones - grey) * np.float32(parameters.saturation)
    picture = cv2.convertScaleAbs(np.clip(tones, 0, 1), alpha=255)
    return cv2.LUT(picture, tone_curve(parameters.contrast, parameters.gamma, parameters.lift))


def tone_curve(contrast: float, gamma: float, lift: float) -> np.ndarray:
    """256 tones: a gamma, then an S that is steep in the middle (or flat, below 0), then black raised."""
    axis = (np.arange(_STEPS + 1) / _STEPS) ** gamma
    steep = axis * axis * (3 - 2 * axis)
    curve = lift + (1 - lift) * (axis + contrast * (steep - axis))
    return np.rint(np.clip(curve, 0, 1) * 255).astype(np.uint8)
