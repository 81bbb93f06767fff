# Finds LibTorch: the folder `torch` of the PyPI wheel or an unpacked LibTorch, by CMAKE_PREFIX_PATH.
# Result: LibTorch::LibTorch (CPU libraries; the CUDA ones are opened at run time when a driver is there).
#
# The wheel's own TorchConfig.cmake is not used: it needs a CUDA toolkit even for a CPU build and overwrites the
# CUDA architectures of the project.
find_path(LibTorch_INCLUDE_DIR ATen/ATen.h PATH_SUFFIXES include torch/include)
find_path(LibTorch_API_INCLUDE_DIR torch/torch.h
          HINTS "${LibTorch_INCLUDE_DIR}/torch/csrc/api/include" NO_DEFAULT_PATH)
if(LibTorch_INCLUDE_DIR)
  get_filename_component(_libtorch_root "${LibTorch_INCLUDE_DIR}" DIRECTORY)
endif()
foreach(_library c10 torch_cpu torch)
  find_library(LibTorch_${_library}_LIBRARY ${_library} HINTS "${_libtorch_root}/lib" NO_DEFAULT_PATH)
endforeach()

if(LibTorch_INCLUDE_DIR AND EXISTS "${LibTorch_INCLUDE_DIR}/torch/headeronly/version.h")
  set(_version_header "${LibTorch_INCLUDE_DIR}/torch/headeronly/version.h")
elseif(LibTorch_API_INCLUDE_DIR)
  set(_version_header "${LibTorch_API_INCLUDE_DIR}/torch/version.h")
endif()
if(_version_header AND EXISTS "${_version_header}")
  file(STRINGS "${_version_header}" _version_lines REGEX "#define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
  string(REGEX REPLACE "[^0-9;]" "" _version_numbers "${_version_lines}")
  string(REPLACE ";" "." LibTorch_VERSION "${_version_numbers}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_torch_cpu_LIBRARY LibTorch_c10_LIBRARY LibTorch_INCLUDE_DIR LibTorch_API_INCLUDE_DIR
  VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE "Point CMAKE_PREFIX_PATH to a LibTorch folder, or use ./run, which installs the pinned wheel.")

if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
  file(STRINGS "${LibTorch_c10_LIBRARY}" _new_abi REGEX "__cxx11" LIMIT_COUNT 1)
  if(NOT _new_abi)
    message(FATAL_ERROR "${LibTorch_c10_LIBRARY} uses the old C++ ABI, which does not fit this system's "
                        "libraries. Take the cxx11-ABI build of LibTorch, or the PyPI wheel 2.7 or newer.")
  endif()
  add_library(LibTorch::c10 SHARED IMPORTED)
  set_target_properties(LibTorch::c10 PROPERTIES IMPORTED_LOCATION "${LibTorch_c10_LIBRARY}")
  add_library(LibTorch::LibTorch SHARED IMPORTED)
  set_target_properties(LibTorch::LibTorch PROPERTIES
    IMPORTED_LOCATION "${LibTorch_torch_cpu_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${LibTorch_INCLUDE_DIR};${LibTorch_API_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES LibTorch::c10)
endif()
mark_as_advanced(LibTorch_INCLUDE_DIR LibTorch_API_INCLUDE_DIR LibTorch_c10_LIBRARY
                 LibTorch_torch_cpu_LIBRARY LibTorch_torch_LIBRARY)
