// Multiply-adds on registers, written once for any vector width (see lanes.inl).

#include "core/kernels/simd/lanes.inl"

float multiply_add(std::int64_t rounds) {
  Vec sum[kMultiplyAddsPerRound];
  for (int i = 0; i < kMultiplyAddsPerRound; ++i) sum[i] = broadcast(static_cast<float>(i));
  Vec factor = broadcast(0.999F);
  Vec term = broadcast(0.001F);
  // The compiler must not know the operands, or it would compute the end result itself.
  asm volatile("" : "+x"(factor), "+x"(term));
  for (std::int64_t round = 0; round < rounds; ++round) {
    for (int i = 0; i < kMultiplyAddsPerRound; ++i) sum[i] = sum[i] * factor + term;
  }
  float total = 0.0F;
  for (int i = 0; i < kMultiplyAddsPerRound; ++i) total += sum[i][0];
  return total;
}
