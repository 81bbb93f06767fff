// Vectors of floats of any width. Each instruction set's source file sets PARAMIXER_LANES (floats a
// vector) and includes this file, through the loops that use it, inside its own anonymous
// namespace: the same loop compiled for two instruction sets must never become one function.

constexpr int kLanes = PARAMIXER_LANES;
typedef float Vec __attribute__((vector_size(PARAMIXER_LANES * sizeof(float))));
typedef std::int32_t IntVec __attribute__((vector_size(PARAMIXER_LANES * sizeof(float))));

inline Vec load(const float* source) {
  Vec vector;
  __builtin_memcpy(&vector, source, sizeof vector);
  return vector;
}

inline void store(float* target, Vec vector) { __builtin_memcpy(target, &vector, sizeof vector); }

inline Vec broadcast(float value) { return value - Vec{}; }
