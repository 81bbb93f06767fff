# paramixer_library(NAME), paramixer_executable(NAME), paramixer_test(NAME): targets with the project's common flags.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_program(PARAMIXER_CCACHE ccache)
if(PARAMIXER_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness lets ccache hit through the precompiled torch header.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      "${PARAMIXER_CCACHE}")
endif()

function(paramixer_common_flags target)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # False alarms of GCC 12 at -O3, gone in 13: overlapping and endless copies where strings are joined by + (GCC bug
    # 105651), and uninitialised members of an aggregate that is destroyed while an initialiser throws (GCC bug 105562). At -O2,
    # where the preset `dev` makes warnings errors, they stay on.
    target_compile_options(${target} PRIVATE
      "$<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CONFIG:Release>>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow>"
      "$<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CONFIG:Release>>:-Wno-maybe-uninitialized>")
  endif()
  if(PARAMIXER_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
  endif()
  target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}")
  if(PARAMIXER_SANITIZE)
    target_compile_options(${target} PRIVATE
      $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${PARAMIXER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all>)
    target_link_options(${target} PUBLIC -fsanitize=${PARAMIXER_SANITIZE})
  endif()
endfunction()

function(paramixer_library name)
  add_library(${name} STATIC ${ARGN})
  paramixer_common_flags(${name})
endfunction()

function(paramixer_executable name)
  add_executable(${name} ${ARGN})
  paramixer_common_flags(${name})
endfunction()

# A test program; its GoogleTest cases become CTest tests. PARAMIXER_TEST_DATA is the folder tests/data.
function(paramixer_test name)
  paramixer_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE PARAMIXER_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
endfunction()
