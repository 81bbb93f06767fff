# Proves when CUDA kernels are built and for which GPUs: none without a driver, those of the machine with one, all where
# they are asked for.
#
# Configures a small project that uses cmake/ParamixerCuda.cmake, with an nvidia-smi of its own. Variables: MODULES (the
# folder cmake/), SCRATCH (a folder of this test's own), GENERATOR.

# expect(case GPUS [CMAKE ARGUMENT...] LAST_LINE): what configuring says last, where nvidia-smi lists these compute
# capabilities.
function(expect case gpus expected)
  set(folder "${SCRATCH}/${case}")
  file(REMOVE_RECURSE "${folder}")
  file(WRITE "${folder}/CMakeLists.txt" "
    cmake_minimum_required(VERSION 3.22)
    project(scratch LANGUAGES CXX)
    list(APPEND CMAKE_MODULE_PATH \"${MODULES}\")
    include(ParamixerCuda)\n")
  string(REPLACE ";" "\\n" lines "${gpus}")
  file(WRITE "${folder}/nvidia-smi" "#!/bin/sh\nprintf '${lines}\\n'\n")
  file(CHMOD "${folder}/nvidia-smi" PERMISSIONS OWNER_READ OWNER_EXECUTE)
  execute_process(COMMAND "${CMAKE_COMMAND}" -G "${GENERATOR}" -S "${folder}" -B "${folder}/build"
                          "-DPARAMIXER_NVIDIA_SMI=${folder}/nvidia-smi" ${ARGN}
                  RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(FIND "${output}" "-- CUDA kernels: ${expected}\n" found)
  if(NOT code EQUAL 0 OR found EQUAL -1)
    message(SEND_ERROR "${case}: expected 'CUDA kernels: ${expected}', but configuring said: ${output}")
  endif()
endfunction()

expect(hopper "9.0" "90-real")
expect(two_of_a_kind_and_another "9.0;8.0;9.0" "90-real;80-real")
expect(too_old "7.5" "none")
expect(too_old_beside_another "7.5;8.6" "86-real")
expect(unknown_to_the_toolkit "99.0" "80;86-real;89-real;90-real;100")
expect(user_knows_better "9.0" "80-real" -DCMAKE_CUDA_ARCHITECTURES=80-real)
expect(asked_for "" "80;86-real;89-real;90-real;100" -DPARAMIXER_CUDA=ON)
expect(left_out "9.0" "none" -DPARAMIXER_CUDA=OFF)
if(NOT EXISTS /proc/driver/nvidia/version)
  expect(no_driver "" "none")
endif()
