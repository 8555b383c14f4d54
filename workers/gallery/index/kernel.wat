;; What a search does for every person. `node scripts/build-kernel.ts` compiles it. Plain SIMD and whole numbers only: relaxed
;; instructions, and sums of fractions in another order, may differ from one machine to the next.
(module
  (memory (export "memory") 1)

  ;; The scalar product of each row (512 of int8, one row after the other) with a query (512 of int16), as int32.
  ;; No sum overflows: 512 * 127 * 32767 is below 2^31.
  (func (export "products") (param $row i32) (param $count i32) (param $query i32) (param $out i32)
    (local $end i32) (local $rowEnd i32) (local $at i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.add (local.get $row) (i32.shl (local.get $count) (i32.const 9))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        (local.set $a (v128.const i32x4 0 0 0 0))
        (local.set $b (v128.const i32x4 0 0 0 0))
        (local.set $c (v128.const i32x4 0 0 0 0))
        (local.set $d (v128.const i32x4 0 0 0 0))
        (local.set $at (local.get $query))
        (local.set $rowEnd (i32.add (local.get $row) (i32.const 512)))
        (loop $part
          (local.set $a (i32x4.add (local.get $a) (i32x4.dot_i16x8_s
            (v128.load8x8_s (local.get $row)) (v128.load (local.get $at)))))
          (local.set $b (i32x4.add (local.get $b) (i32x4.dot_i16x8_s
            (v128.load8x8_s offset=8 (local.get $row)) (v128.load offset=16 (local.get $at)))))
          (local.set $c (i32x4.add (local.get $c) (i32x4.dot_i16x8_s
            (v128.load8x8_s offset=16 (local.get $row)) (v128.load offset=32 (local.get $at)))))
          (local.set $d (i32x4.add (local.get $d) (i32x4.dot_i16x8_s
            (v128.load8x8_s offset=24 (local.get $row)) (v128.load offset=48 (local.get $at)))))
          (local.set $row (i32.add (local.get $row) (i32.const 32)))
          (local.set $at (i32.add (local.get $at) (i32.const 64)))
          (br_if $part (i32.lt_u (local.get $row) (local.get $rowEnd))))
        (i32.store (local.get $out) (call $sum (i32x4.add
          (i32x4.add (local.get $a) (local.get $b)) (i32x4.add (local.get $c) (local.get $d)))))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br $next))))

  ;; In how many of 512 bits each row (64 bytes, one after the other) differs from a query, as int32.
  (func (export "distances") (param $row i32) (param $count i32) (param $query i32) (param $out i32)
    (local $end i32)
    (local $p v128) (local $q v128) (local $r v128) (local $s v128)
    (local.set $p (v128.load (local.get $query)))
    (local.set $q (v128.load offset=16 (local.get $query)))
    (local.set $r (v128.load offset=32 (local.get $query)))
    (local.set $s (v128.load offset=48 (local.get $query)))
    (local.set $end (i32.add (local.get $row) (i32.shl (local.get $count) (i32.const 6))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        ;; Four times eight bits at most: no byte overflows.
        (i32.store (local.get $out) (call $sum (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (i8x16.add
          (i8x16.add
            (i8x16.popcnt (v128.xor (v128.load (local.get $row)) (local.get $p)))
            (i8x16.popcnt (v128.xor (v128.load offset=16 (local.get $row)) (local.get $q))))
          (i8x16.add
            (i8x16.popcnt (v128.xor (v128.load offset=32 (local.get $row)) (local.get $r)))
            (i8x16.popcnt (v128.xor (v128.load offset=48 (local.get $row)) (local.get $s)))))))))
        (local.set $row (i32.add (local.get $row) (i32.const 64)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br $next))))

  (func $sum (param $v v128) (result i32)
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $v)) (i32x4.extract_lane 1 (local.get $v)))
      (i32.add (i32x4.extract_lane 2 (local.get $v)) (i32x4.extract_lane 3 (local.get $v))))))
