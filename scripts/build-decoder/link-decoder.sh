#!/bin/sh
# Links the decoder out of what compile-libraries.sh has built.
# usage: link-decoder.sh SCRATCH OUT.wasm
# To relink with a changed FFmpeg, change SCRATCH/ffmpeg, run `make` in SCRATCH/ffmpeg-build, then this.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(realpath "$2")
cd "$1"
export NODE_PATH=/usr/share/nodejs
cp "$here/video-decoder.c" "$here/damage.h" .
# The cap of 96 MB leaves an isolate (128 MB) the blocks of the file and one picture. The stack comes first in memory, so
# that one that overflows traps instead of writing over data.
emcc video-decoder.c -O3 -msimd128 -Wno-deprecated-declarations -Iffmpeg-build -Iffmpeg \
  ffmpeg-build/libavformat/libavformat.a ffmpeg-build/libavcodec/libavcodec.a \
  ffmpeg-build/libswscale/libswscale.a ffmpeg-build/libavutil/libavutil.a installed/lib/libdav1d.a \
  -sSTANDALONE_WASM --no-entry -sALLOW_MEMORY_GROWTH=1 -sINITIAL_MEMORY=6MB -sMAXIMUM_MEMORY=96MB -sTOTAL_STACK=1MB \
  -sFILESYSTEM=0 -sERROR_ON_UNDEFINED_SYMBOLS=0 -Wl,--stack-first -o "$out"
