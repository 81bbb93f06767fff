#pragma once

// One torch translation unit costs 15 to 20 s without this.
#include <torch/torch.h>
