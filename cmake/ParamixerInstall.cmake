# Installation and Debian packages. Two components: `paramixer` (program, models, sample) and
# `gui` (the window). PARAMIXER_BUNDLE_LIBTORCH puts LibTorch into lib/paramixer of the prefix, where the programs find it
# relative to themselves; otherwise they use the LibTorch they were built with.
option(PARAMIXER_BUNDLE_LIBTORCH "Install LibTorch beside the programs, and let cpack make packages" OFF)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME paramixer)
set(PARAMIXER_PRIVATE_LIBRARIES lib/paramixer)
get_filename_component(PARAMIXER_LIBTORCH_FOLDER "${LibTorch_torch_cpu_LIBRARY}" REALPATH)
get_filename_component(PARAMIXER_LIBTORCH_FOLDER "${PARAMIXER_LIBTORCH_FOLDER}" DIRECTORY)

# Installs a program in a component, with the run path to LibTorch.
function(paramixer_install_program target component)
  if(PARAMIXER_BUNDLE_LIBTORCH)
    set_target_properties(${target} PROPERTIES INSTALL_RPATH "\$ORIGIN/../${PARAMIXER_PRIVATE_LIBRARIES}")
  else()
    # Set explicitly, because CMake's list of link folders leaves out those inside the source tree, where ./run puts the wheel.
    get_filename_component(folder "${LibTorch_torch_cpu_LIBRARY}" DIRECTORY)
    set_target_properties(${target} PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON INSTALL_RPATH "${folder}")
  endif()
  install(TARGETS ${target} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${component})
endfunction()

# The libraries needed by libtorch_cpu.so that Debian lacks. CUDA libraries are excluded because they depend on the driver.
function(paramixer_install_libtorch)
  install(CODE "
    file(GET_RUNTIME_DEPENDENCIES LIBRARIES \"${PARAMIXER_LIBTORCH_FOLDER}/libtorch_cpu.so\"
         RESOLVED_DEPENDENCIES_VAR needed UNRESOLVED_DEPENDENCIES_VAR missing
         POST_EXCLUDE_REGEXES \"^/(usr/)?lib(64)?/\")
    if(missing)
      message(FATAL_ERROR \"LibTorch needs libraries that were not found: \${missing}\")
    endif()
    file(INSTALL \"${PARAMIXER_LIBTORCH_FOLDER}/libtorch_cpu.so\" \${needed} FOLLOW_SYMLINK_CHAIN
         DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${PARAMIXER_PRIVATE_LIBRARIES}\"
         PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)" COMPONENT paramixer)
  # A wheel keeps the licences beside the folder torch, an unpacked LibTorch in its root.
  get_filename_component(site "${PARAMIXER_LIBTORCH_FOLDER}/../.." ABSOLUTE)
  file(GLOB licences "${site}/torch-*.dist-info/licenses" "${site}/nvidia_cuda_cupti-*.dist-info/licenses"
       "${site}/nvidia_cuda_runtime-*.dist-info/licenses")
  foreach(folder IN LISTS licences)
    string(REGEX REPLACE ".*/([a-z_]+)-[^/]*\\.dist-info/licenses$" "\\1" name "${folder}")
    install(DIRECTORY "${folder}/" DESTINATION ${CMAKE_INSTALL_DOCDIR}/licenses/${name} COMPONENT paramixer)
  endforeach()
  if(NOT licences)
    install(FILES "${site}/LICENSE" DESTINATION ${CMAKE_INSTALL_DOCDIR}/licenses/torch COMPONENT paramixer OPTIONAL)
  endif()
endfunction()

paramixer_install_program(paramixer paramixer)
install(DIRECTORY share/models share/samples DESTINATION ${CMAKE_INSTALL_DATADIR}/paramixer COMPONENT paramixer)
install(FILES README.md CHANGELOG.md LICENSE CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT paramixer)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT paramixer)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright COMPONENT paramixer)
if(PARAMIXER_HAS_GUI)
  paramixer_install_program(paramixer-gui gui)
  install(FILES gui/paramixer-gui.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications COMPONENT gui)
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/paramixer-gui RENAME copyright COMPONENT gui)
endif()
if(PARAMIXER_BUNDLE_LIBTORCH)
  paramixer_install_libtorch()
  include(ParamixerPackages)
endif()
