# Proves that configuring fails on every kind of forbidden edge between layers, and only then.
#
# Configures small projects that use cmake/ParamixerLayers.cmake. Variables: MODULES (the folder cmake/), SCRATCH (a
# folder of this test's own), GENERATOR.

# Configures a project of two layers, core and io, into which `case` writes what it tries: LINKS is CMake code,
# FILE and LINE are a source file and its only line. Sets the exit code and the output in the caller.
function(configure_project case)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LINKS;FILE;LINE" "")
  set(folder "${SCRATCH}/${case}")
  file(REMOVE_RECURSE "${folder}")
  file(WRITE "${folder}/CMakeLists.txt" "
    cmake_minimum_required(VERSION 3.22)
    project(scratch LANGUAGES NONE)
    list(APPEND CMAKE_MODULE_PATH \"${MODULES}\")
    include(ParamixerLayers)
    add_library(LibTorch::LibTorch INTERFACE IMPORTED)
    add_library(helper INTERFACE)
    add_library(paramixer_core INTERFACE)
    add_library(paramixer_io INTERFACE)
    paramixer_layer(paramixer_core)
    paramixer_layer(paramixer_io paramixer_core)
    ${arg_LINKS}
    paramixer_check_layers()\n")
  if(arg_FILE)
    file(WRITE "${folder}/${arg_FILE}" "${arg_LINE}\n")
  endif()
  execute_process(COMMAND "${CMAKE_COMMAND}" -G "${GENERATOR}" -S "${folder}" -B "${folder}/build"
                  RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  # CMake wraps its messages, so compare them without line breaks.
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  set(code "${code}" PARENT_SCOPE)
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect_allowed case)
  configure_project(${case} ${ARGN})
  if(NOT code EQUAL 0)
    message(SEND_ERROR "${case}: configuring must succeed, but said: ${output}")
  endif()
endfunction()

function(expect_forbidden case expected)
  configure_project(${case} ${ARGN})
  string(FIND "${output}" "${expected}" found)
  if(code EQUAL 0)
    message(SEND_ERROR "${case}: configuring must fail, but succeeded")
  elseif(found EQUAL -1)
    message(SEND_ERROR "${case}: expected '${expected}', but configuring said: ${output}")
  endif()
endfunction()

expect_allowed(io_links_core LINKS "target_link_libraries(paramixer_io INTERFACE paramixer_core)")
expect_allowed(io_includes_core FILE io/reader.hpp LINE "#include \"core/base/error.hpp\"")
expect_allowed(models_includes_torch FILE models/model.cpp LINE "#include <torch/torch.h>")
expect_allowed(cli_includes_boost FILE app/cli/parse.cpp LINE "#include <boost/program_options.hpp>")
expect_allowed(core_names_torch_in_a_comment FILE core/mix.hpp LINE "// as <torch/torch.h> does")

expect_forbidden(core_links_torch "Target paramixer_core links LibTorch::LibTorch, which its layer forbids"
                 LINKS "target_link_libraries(paramixer_core INTERFACE LibTorch::LibTorch)")
expect_forbidden(program_links_torch_privately "Target scratch_program links LibTorch::LibTorch"
                 LINKS "add_executable(scratch_program main.cpp)
                        paramixer_layer(scratch_program)
                        target_link_libraries(scratch_program PRIVATE LibTorch::LibTorch)")
expect_forbidden(io_links_torch_through_a_helper
                 "Target paramixer_io links LibTorch::LibTorch, which its layer forbids"
                 LINKS "target_link_libraries(helper INTERFACE LibTorch::LibTorch)
                        target_link_libraries(paramixer_io INTERFACE helper)
                        set_property(TARGET paramixer_io APPEND PROPERTY PARAMIXER_MAY_LINK helper)")
expect_forbidden(core_links_io "Target paramixer_core links paramixer_io, which its layer forbids"
                 LINKS "target_link_libraries(paramixer_core INTERFACE paramixer_io)")

expect_forbidden(core_includes_torch "core knows no torch" FILE core/kernels/mix.cpp LINE "#include <torch/torch.h>")
expect_forbidden(core_includes_aten_in_cuda "core knows no torch" FILE core/kernels/cuda/mix.cu
                 LINE "# include <ATen/ATen.h>")
expect_forbidden(core_includes_htslib "core knows no htslib" FILE core/base/file.hpp LINE "#include <htslib/sam.h>")
expect_forbidden(core_includes_io "core depends on no other folder" FILE core/base/file.hpp
                 LINE "#include \"io/reader.hpp\"")
expect_forbidden(io_includes_torch "io knows no torch" FILE io/reader.cpp LINE "#include <c10/util/Exception.h>")
expect_forbidden(io_includes_models "io depends on core only" FILE io/reader.cpp LINE "#include \"models/model.hpp\"")
expect_forbidden(models_include_app "models depends on core and io only" FILE models/model.cpp
                 LINE "#include \"app/services/training/train.hpp\"")
expect_forbidden(services_include_boost "Boost belongs to app/cli only" FILE app/services/training/train.cpp
                 LINE "#include <boost/program_options.hpp>")
expect_forbidden(app_includes_gui "app does not know the window" FILE app/cli/main.cpp
                 LINE "#include \"gui/main_window.hpp\"")
expect_forbidden(app_includes_qt "Qt belongs to gui only" FILE app/cli/main.cpp LINE "#include <QString>")
expect_forbidden(gui_includes_torch "gui sees no torch header" FILE gui/main.cpp LINE "#include <torch/torch.h>")

# Rooms within a folder.
expect_allowed(a_higher_room_includes_a_lower FILE models/training/trainer.hpp
               LINE "#include \"models/network/paramixer.hpp\"")
expect_forbidden(a_lower_room_includes_a_higher "The rooms of models, lowest first: config"
                 FILE models/network/paramixer.hpp LINE "#include \"models/training/trainer.hpp\"")
expect_forbidden(a_kernel_includes_what_is_built_on_it "The rooms of core/kernels, lowest first: simd"
                 FILE core/kernels/mix/mix.hpp LINE "#include \"core/kernels/fused/fused_mix.hpp\"")
expect_forbidden(a_room_that_nobody_declared "models/attic is no room of models"
                 FILE models/attic/adam.hpp LINE "#pragma once")
