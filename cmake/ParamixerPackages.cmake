# The Debian packages that `cpack -G DEB` makes: paramixer, with LibTorch inside, and paramixer-gui.
set(CPACK_PACKAGE_NAME paramixer)
set(CPACK_PACKAGE_CONTACT "Paramixer contributors <paramixer@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL paramixer)
if(PARAMIXER_HAS_GUI)
  list(APPEND CPACK_COMPONENTS_ALL gui)
endif()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)  # xz takes minutes on half a gigabyte of LibTorch.
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
file(GLOB _cuda_runtime "${PARAMIXER_LIBTORCH_FOLDER}/../../nvidia/cu*/lib")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PARAMIXER_LIBTORCH_FOLDER}" ${_cuda_runtime})
set(CPACK_DEBIAN_PARAMIXER_PACKAGE_NAME paramixer)
set(CPACK_COMPONENT_PARAMIXER_DESCRIPTION
    "Classifies long DNA: FASTA, FASTQ, SAM, BAM and CRAM.\nLibTorch for the CPU is included.")
set(CPACK_DEBIAN_GUI_PACKAGE_NAME paramixer-gui)
set(CPACK_COMPONENT_GUI_DESCRIPTION "Window that explores the mixing links of a Paramixer model.")
set(CPACK_DEBIAN_GUI_PACKAGE_DEPENDS "paramixer (= ${PROJECT_VERSION})")

# What Debian expects in a package besides. The date is that of the configuring, or SOURCE_DATE_EPOCH.
string(TIMESTAMP PARAMIXER_PACKAGE_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(share/debian/changelog.in debian/changelog @ONLY)
execute_process(COMMAND gzip -9nf debian/changelog WORKING_DIRECTORY "${CMAKE_BINARY_DIR}" COMMAND_ERROR_IS_FATAL ANY)
function(paramixer_install_debian_files package component)
  install(FILES "${CMAKE_BINARY_DIR}/debian/changelog.gz" DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package}
          COMPONENT ${component})
  install(FILES share/debian/${package}.lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides
          RENAME ${package} COMPONENT ${component})
endfunction()
paramixer_install_debian_files(paramixer paramixer)
if(PARAMIXER_HAS_GUI)
  paramixer_install_debian_files(paramixer-gui gui)
endif()

include(CPack)
