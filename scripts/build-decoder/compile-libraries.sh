#!/bin/sh
# Builds dav1d and FFmpeg as static libraries of WebAssembly, decoders and demuxers only.
# usage: compile-libraries.sh SCRATCH, where SCRATCH holds the unpacked sources as `ffmpeg/` and `dav1d/`.
# About 4 minutes on two cores, more than half of it FFmpeg's configure.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(cd "$1" && pwd)

# Debian's emscripten looks for acorn where Debian's own node would.
export NODE_PATH=/usr/share/nodejs
# Nothing of the host may be found by pkg-config; only the dav1d built here.
export PKG_CONFIG_PATH="$scratch/installed/lib/pkgconfig" PKG_CONFIG_LIBDIR="$scratch/installed/lib/pkgconfig"

cd "$scratch/dav1d"
meson setup build-wasm --cross-file "$here/dav1d-wasm.cross" --prefix="$scratch/installed" --libdir=lib \
  --default-library=static --buildtype=release \
  -Denable_asm=false -Denable_tools=false -Denable_tests=false -Dbitdepths=8,16
ninja -C build-wasm install

# The configure line is compiled in, so every path on it is relative. `x86_32` stands for 32 bits, little endian, and
# unaligned reads that are cheap, which is what WebAssembly is; no assembler is used. h263 is part of mpeg4 in any case.
mkdir -p "$scratch/ffmpeg-build"
cd "$scratch/ffmpeg-build"
../ffmpeg/configure --prefix=/usr/local --target-os=none --arch=x86_32 --enable-cross-compile \
  --cc=emcc --cxx=em++ --ar=emar --ranlib=emranlib --nm=llvm-nm-14 \
  --disable-asm --disable-inline-asm --disable-x86asm --disable-runtime-cpudetect \
  --disable-stripping --disable-debug --disable-programs --disable-doc --disable-autodetect \
  --disable-pthreads --disable-w32threads --disable-os2threads \
  --disable-everything --disable-network --disable-protocols --disable-bsfs --disable-iconv --disable-zlib \
  --disable-avdevice --disable-avfilter --disable-swresample --disable-postproc --disable-pixelutils --disable-faan \
  --enable-error-resilience \
  --enable-libdav1d --pkg-config=pkg-config --pkg-config-flags=--static \
  --enable-demuxer=mov,matroska,avi \
  --enable-decoder=h264,hevc,vp8,vp9,libdav1d,mpeg4,mjpeg,h263 \
  --enable-parser=h264,hevc,vp8,vp9,av1,mpeg4video,mjpeg,h263 \
  --enable-bsf=vp9_superframe_split,mpeg4_unpack_bframes \
  --extra-cflags="-O3 -msimd128" --extra-ldflags="-O3"
make -j"$(nproc)"
