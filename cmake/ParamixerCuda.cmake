# CUDA kernels, by PARAMIXER_CUDA. Result: PARAMIXER_HAS_CUDA.
#   AUTO  where there are an NVIDIA driver and a toolkit: kernels that cannot run here would double the build time
#   ON    wherever there is a toolkit, as for the GPUs of other machines; an error without one
#   OFF   none
# CMAKE_CUDA_ARCHITECTURES selects what is compiled: by default what the GPUs of this machine need, or everything if it has
# none.

set(PARAMIXER_HAS_CUDA OFF)
set(PARAMIXER_ALL_CUDA_ARCHITECTURES "80;86-real;89-real;90-real;100")  # PTX of the first and the last serves all others.
set(PARAMIXER_LOWEST_CUDA_ARCHITECTURE 80)

find_program(PARAMIXER_NVIDIA_SMI nvidia-smi)
mark_as_advanced(PARAMIXER_NVIDIA_SMI)

# Sets `found` to the compute capabilities of the GPUs here, such as "75;90", and `usable` to those that kernels can be
# compiled for.
function(_paramixer_find_gpus found usable)
  set(_capabilities "")
  if(PARAMIXER_NVIDIA_SMI)
    execute_process(COMMAND "${PARAMIXER_NVIDIA_SMI}" --query-gpu=compute_cap --format=csv,noheader
                    OUTPUT_VARIABLE _output RESULT_VARIABLE _code ERROR_QUIET)
    if(_code EQUAL 0)
      string(REGEX MATCHALL "[0-9]+\\.[0-9]" _capabilities "${_output}")
      string(REPLACE "." "" _capabilities "${_capabilities}")
      list(REMOVE_DUPLICATES _capabilities)
    endif()
  endif()
  set(_usable "")
  foreach(_gpu IN LISTS _capabilities)
    if(_gpu LESS PARAMIXER_LOWEST_CUDA_ARCHITECTURE)
      message(STATUS "A GPU of compute capability ${_gpu} (as in sm_${_gpu}) is too old for the CUDA kernels")
    else()
      list(APPEND _usable "${_gpu}")
    endif()
  endforeach()
  set(${found} "${_capabilities}" PARENT_SCOPE)
  set(${usable} "${_usable}" PARENT_SCOPE)
endfunction()

# Sets CMAKE_CUDA_ARCHITECTURES for these GPUs. A GPU too new for this toolkit runs the PTX of the
# newest architecture it supports.
function(_paramixer_choose_architectures gpus)
  execute_process(COMMAND "${CMAKE_CUDA_COMPILER}" --list-gpu-code OUTPUT_VARIABLE _known ERROR_QUIET)
  set(_chosen "")
  foreach(_gpu IN LISTS gpus)
    if(_known MATCHES "sm_${_gpu}[^0-9]")
      list(APPEND _chosen "${_gpu}-real")
    else()
      set(_chosen "${PARAMIXER_ALL_CUDA_ARCHITECTURES}")
      break()
    endif()
  endforeach()
  if(NOT gpus)
    set(_chosen "${PARAMIXER_ALL_CUDA_ARCHITECTURES}")
  endif()
  set(CMAKE_CUDA_ARCHITECTURES "${_chosen}" CACHE STRING "CUDA architectures")
endfunction()

if(NOT PARAMIXER_CUDA STREQUAL "OFF")
  _paramixer_find_gpus(_gpus _usable_gpus)
  set(_wanted OFF)
  if(PARAMIXER_CUDA STREQUAL "ON" OR _usable_gpus OR (NOT _gpus AND EXISTS /proc/driver/nvidia/version))
    set(_wanted ON)
  endif()
endif()
if(_wanted)
  if(NOT CMAKE_CUDA_COMPILER)
    unset(CMAKE_CUDA_COMPILER CACHE)  # What an earlier call did not find may be there now.
  endif()
  if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
    set(CMAKE_CUDA_ARCHITECTURES OFF)  # Chosen below, when the compiler is known.
    set(_choose_architectures ON)
  endif()
  include(CheckLanguage)
  check_language(CUDA)
  if(NOT CMAKE_CUDA_COMPILER AND EXISTS /usr/local/cuda/bin/nvcc)
    set(CMAKE_CUDA_COMPILER /usr/local/cuda/bin/nvcc CACHE FILEPATH "CUDA compiler" FORCE)
  endif()
  if(CMAKE_CUDA_COMPILER)
    enable_language(CUDA)
    if(_choose_architectures)
      unset(CMAKE_CUDA_ARCHITECTURES)
      _paramixer_choose_architectures("${_usable_gpus}")
    endif()
    if(CMAKE_CUDA_COMPILER_VERSION VERSION_LESS 12.8)
      message(STATUS "CUDA ${CMAKE_CUDA_COMPILER_VERSION} is too old; the kernels need 12.8")
    else()
      set(PARAMIXER_HAS_CUDA ON)
      if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake before 3.26 does not know that nvcc can.
        set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
        set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
      endif()
    endif()
  endif()
  if(PARAMIXER_CUDA STREQUAL "ON" AND NOT PARAMIXER_HAS_CUDA)
    message(FATAL_ERROR "PARAMIXER_CUDA is ON, but there is no CUDA toolkit 12.8 or newer. Put nvcc into PATH, or "
                        "configure with -DPARAMIXER_CUDA=AUTO.")
  endif()
endif()
if(PARAMIXER_HAS_CUDA)
  message(STATUS "CUDA kernels: ${CMAKE_CUDA_ARCHITECTURES}")
else()
  message(STATUS "CUDA kernels: none")
endif()

# Adds CUDA sources to a library, which then defines PARAMIXER_WITH_CUDA for itself and all that link it. The ptxas
# reports on registers and spills go to the folder PARAMIXER_PTXAS_REPORTS.
set(PARAMIXER_PTXAS_REPORTS "${CMAKE_BINARY_DIR}/ptxas")
function(paramixer_cuda_sources target)
  target_sources(${target} PRIVATE ${ARGN})
  target_compile_definitions(${target} PUBLIC PARAMIXER_WITH_CUDA)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CUDA>:-Xptxas=-v -Xcompiler=-Wall,-Wextra,-Wshadow>)
  if(PARAMIXER_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:-Werror=all-warnings>)
  endif()
  set(_launcher sh "${PROJECT_SOURCE_DIR}/cmake/keep_ptxas_report.sh" "${PARAMIXER_PTXAS_REPORTS}")
  if(PARAMIXER_CCACHE)
    list(APPEND _launcher "${PARAMIXER_CCACHE}")
  endif()
  set_target_properties(${target} PROPERTIES CUDA_COMPILER_LAUNCHER "${_launcher}")
endfunction()
