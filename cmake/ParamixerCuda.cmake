# CUDA kernels, by PARAMIXER_CUDA: AUTO (when a CUDA compiler is found), ON (or fail), OFF. Result: PARAMIXER_HAS_CUDA.
# CMAKE_CUDA_ARCHITECTURES restricts what is compiled, e.g. to 90-real for a quick build.

set(PARAMIXER_HAS_CUDA OFF)
if(NOT PARAMIXER_CUDA STREQUAL "OFF")
  # Machine code for these, and PTX of the first and the last for all others.
  set(CMAKE_CUDA_ARCHITECTURES "80;86-real;89-real;90-real;100" CACHE STRING "CUDA architectures")
  include(CheckLanguage)
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    enable_language(CUDA)
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
message(STATUS "CUDA kernels: ${PARAMIXER_HAS_CUDA}")

# Adds CUDA sources to a library, which then defines PARAMIXER_WITH_CUDA for itself and all that link it. What ptxas says
# about their registers and spills is kept in the folder PARAMIXER_PTXAS_REPORTS.
set(PARAMIXER_PTXAS_REPORTS "${CMAKE_BINARY_DIR}/ptxas")
function(paramixer_cuda_sources target)
  target_sources(${target} PRIVATE ${ARGN})
  target_compile_definitions(${target} PUBLIC PARAMIXER_WITH_CUDA)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CUDA>:-Xptxas=-v -Xcompiler=-Wall,-Wextra,-Wshadow>)
  if(PARAMIXER_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:-Werror=all-warnings>)
  endif()
  set_target_properties(${target} PROPERTIES CUDA_COMPILER_LAUNCHER
    "sh;${PROJECT_SOURCE_DIR}/cmake/keep_ptxas_report.sh;${PARAMIXER_PTXAS_REPORTS};${PARAMIXER_CCACHE}")
endfunction()
