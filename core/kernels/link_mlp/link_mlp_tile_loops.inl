// Linear-GELU-Linear on a tile of rows, written once for any vector width (see lanes.inl).
//
// Everything is one small matrix product, C [rows, 16 n] = A [rows, K] B [K, 16 n] with B in panels
// of 16 columns: a register tile of twelve accumulators is filled while K runs once.

#include "core/kernels/simd/lanes.inl"

constexpr int kPanelVectors = int{kLinkPanel} / kLanes;
constexpr int kTileRows = 12 / kPanelVectors;

/// A product's operands. A is read as a[row * row_step + k * depth_step], so that it may be
/// transposed in place; B as b[panel * panel_step + k * line_step + column].
struct Product {
  const float* a = nullptr;
  std::int64_t row_step = 0;
  std::int64_t depth_step = 1;
  const float* b = nullptr;
  std::int64_t panel_step = 0;
  std::int64_t line_step = 16;
  std::int64_t rows = 0;
  std::int64_t depth = 0;
  std::int64_t columns = 0;  ///< A multiple of 16.
  float* c = nullptr;        ///< [rows, columns]
  const float* bias = nullptr;
};

enum class Start { kZero, kBias, kAdd };

template <Start kStart, int kRows>
inline void product_tile(const Product& p, std::int64_t row, std::int64_t column) {
  Vec sum[kRows][kPanelVectors];
  float* c = p.c + row * p.columns + column;
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kPanelVectors; ++v) {
      if (kStart == Start::kZero) sum[r][v] = Vec{};
      if (kStart == Start::kBias) sum[r][v] = load(p.bias + column + v * kLanes);
      if (kStart == Start::kAdd) sum[r][v] = load(c + r * p.columns + v * kLanes);
    }
  }
  const float* a = p.a + row * p.row_step;
  const float* b = p.b + column / 16 * p.panel_step;
  for (std::int64_t k = 0; k < p.depth; ++k) {
    Vec line[kPanelVectors];
    for (int v = 0; v < kPanelVectors; ++v) line[v] = load(b + k * p.line_step + v * kLanes);
    for (int r = 0; r < kRows; ++r) {
      const Vec factor = broadcast(a[r * p.row_step + k * p.depth_step]);
      for (int v = 0; v < kPanelVectors; ++v) sum[r][v] += factor * line[v];
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kPanelVectors; ++v) store(c + r * p.columns + v * kLanes, sum[r][v]);
  }
}

template <Start kStart>
void product(const Product& p) {
  for (std::int64_t column = 0; column < p.columns; column += 16) {
    std::int64_t row = 0;
    for (; row + kTileRows <= p.rows; row += kTileRows) {
      product_tile<kStart, kTileRows>(p, row, column);
    }
    for (; row + 2 <= p.rows; row += 2) product_tile<kStart, 2>(p, row, column);
    if (row < p.rows) product_tile<kStart, 1>(p, row, column);
  }
}

/// exp(x) for x <= 0, relative error below 2e-7.
inline Vec exp_negative(Vec x) {
  x = x < -87.0F ? broadcast(-87.0F) : x;
  constexpr float kRound = 12582912.0F;  // 1.5 * 2^23: adding it rounds to a whole number.
  Vec shifted = x * 1.44269504F + kRound;
  const Vec whole = shifted - kRound;
  const Vec rest = (x - whole * 0.693145752F) - whole * 1.42860677e-6F;
  Vec sum = broadcast(1.0F / 5040);
  sum = sum * rest + 1.0F / 720;
  sum = sum * rest + 1.0F / 120;
  sum = sum * rest + 1.0F / 24;
  sum = sum * rest + 1.0F / 6;
  sum = sum * rest + 0.5F;
  sum = sum * rest + 1.0F;
  sum = sum * rest + 1.0F;
  const IntVec exponent = (__builtin_convertvector(whole, IntVec) + 127) << 23;
  Vec power;
  __builtin_memcpy(&power, &exponent, sizeof power);
  return sum * power;
}

struct GeluTerms {
  Vec cdf;    ///< Standard normal distribution function at x.
  Vec decay;  ///< exp(-x^2 / 2)
};

/// By the rational approximation 7.1.26 of Abramowitz and Stegun, absolute error 1e-7.
inline GeluTerms gelu_terms(Vec x) {
  const Vec decay = exp_negative(x * x * -0.5F);
  const Vec size = x < 0.0F ? -x : x;
  const Vec t = 1.0F / (size * (0.3275911F * 0.707106781F) + 1.0F);
  Vec sum = broadcast(1.061405429F);
  sum = sum * t - 1.453152027F;
  sum = sum * t + 1.421413741F;
  sum = sum * t - 0.284496736F;
  sum = sum * t + 0.254829592F;
  const Vec half_tail = sum * t * decay * 0.5F;
  return {x < 0.0F ? half_tail : 1.0F - half_tail, decay};
}

/// x max(0, .) less |x| times the normal tail beyond |x|, which is one over the 16th power of a
/// polynomial: fitted to the tail's -1/16th power on [0, 7], absolute error of the result 4e-7, and
/// beyond 7 the power only grows. Half the operations of gelu_terms(), whose exponential it needs
/// not.
inline Vec gelu_of(Vec x) {
  const Vec size = x < 0.0F ? -x : x;
  Vec root = broadcast(9.381954e-07F);
  root = root * size - 3.1326442e-06F;
  root = root * size + 8.244273e-05F;
  root = root * size - 1.5263447e-05F;
  root = root * size + 0.0034721002F;
  root = root * size + 0.022055104F;
  root = root * size + 0.052079365F;
  root = root * size + 1.0442735F;
  Vec power = root * root;
  power *= power;
  power *= power;
  power *= power;
  return (x < 0.0F ? Vec{} : x) - size / power;
}

void gelu(float* values, std::int64_t count) {
  for (std::int64_t i = 0; i < count; i += kLanes) store(values + i, gelu_of(load(values + i)));
}

/// activation = gelu(x), and x becomes the derivative there.
void gelu_and_slope(float* x, float* activation, std::int64_t count) {
  constexpr float kDensity = 0.398942280F;  // 1 / sqrt(2 pi)
  for (std::int64_t i = 0; i < count; i += kLanes) {
    const Vec value = load(x + i);
    const GeluTerms terms = gelu_terms(value);
    store(activation + i, value * terms.cdf);
    store(x + i, terms.cdf + value * terms.decay * kDensity);
  }
}

void multiply(float* values, const float* by, std::int64_t count) {
  for (std::int64_t i = 0; i < count; i += kLanes)
    store(values + i, load(values + i) * load(by + i));
}

void add_columns(const float* values, std::int64_t rows, std::int64_t columns, float* sums) {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; c += kLanes) {
      store(sums + c, load(sums + c) + load(values + r * columns + c));
    }
  }
}

/// hidden [count, padded H] = W1 x + b1
void hidden_inputs(const PackedLinkMlp& network, const LinkTile& tile, float* hidden) {
  const std::int64_t inputs = network.shape.inputs;
  product<Start::kBias>({.a = tile.rows,
                         .row_step = padded_to_panel(inputs),
                         .b = network.first_transposed,
                         .panel_step = inputs * 16,
                         .rows = tile.count,
                         .depth = inputs,
                         .columns = padded_to_panel(network.shape.hidden),
                         .c = hidden,
                         .bias = network.first_bias});
}

/// output [count, padded L] = W2 activation + b2
void outputs_of(const PackedLinkMlp& network, std::int64_t count, const float* activation,
                float* output) {
  const std::int64_t hidden = network.shape.hidden;
  product<Start::kBias>({.a = activation,
                         .row_step = padded_to_panel(hidden),
                         .b = network.second_transposed,
                         .panel_step = hidden * 16,
                         .rows = count,
                         .depth = hidden,
                         .columns = padded_to_panel(network.shape.outputs),
                         .c = output,
                         .bias = network.second_bias});
}

void forward(const PackedLinkMlp& network, const LinkTile& tile, float* output) {
  hidden_inputs(network, tile, tile.scratch);
  gelu(tile.scratch, tile.count * padded_to_panel(network.shape.hidden));
  outputs_of(network, tile.count, tile.scratch, output);
}

/// A row-major matrix of as many rows as a tile has.
struct TileMatrix {
  const float* values;
  std::int64_t columns;
  std::int64_t step;  ///< Floats from one row to the next.
};

/// sums [columns of left, columns of right] += left^T right, both of `count` rows.
void add_outer(const TileMatrix& left, const TileMatrix& right, std::int64_t count, float* sums) {
  product<Start::kAdd>({.a = left.values,
                        .row_step = 1,
                        .depth_step = left.step,
                        .b = right.values,
                        .panel_step = 16,
                        .line_step = right.step,
                        .rows = left.columns,
                        .depth = count,
                        .columns = right.columns,
                        .c = sums});
}

void backward(const PackedLinkMlp& network, const LinkTile& tile, const LinkTileBackward& buffers) {
  const LinkMlpShape& shape = network.shape;
  const float* grad_output = buffers.grad_output;
  const LinkMlpSums& sums = buffers.sums;
  const std::int64_t hidden_step = padded_to_panel(shape.hidden);
  const std::int64_t input_step = padded_to_panel(shape.inputs);
  const std::int64_t output_step = padded_to_panel(shape.outputs);
  const std::int64_t size = tile.count * hidden_step;
  float* slope = tile.scratch;
  float* activation = slope + size;
  float* grad_hidden = activation + size;
  hidden_inputs(network, tile, slope);
  gelu_and_slope(slope, activation, size);
  if (buffers.output != nullptr) outputs_of(network, tile.count, activation, buffers.output);
  add_outer({activation, shape.hidden, hidden_step}, {grad_output, output_step, output_step},
            tile.count, sums.second);
  add_columns(grad_output, tile.count, output_step, sums.second_bias);
  product<Start::kZero>({.a = grad_output,
                         .row_step = output_step,
                         .b = network.second,
                         .panel_step = shape.outputs * 16,
                         .rows = tile.count,
                         .depth = shape.outputs,
                         .columns = hidden_step,
                         .c = grad_hidden});
  multiply(grad_hidden, slope, size);
  add_outer({grad_hidden, shape.hidden, hidden_step}, {tile.rows, input_step, input_step},
            tile.count, sums.first);
  add_columns(grad_hidden, tile.count, hidden_step, sums.first_bias);
  product<Start::kAdd>({.a = grad_hidden,
                        .row_step = hidden_step,
                        .b = network.first,
                        .panel_step = shape.hidden * 16,
                        .rows = tile.count,
                        .depth = shape.hidden,
                        .columns = input_step,
                        .c = buffers.grad_rows});
}
