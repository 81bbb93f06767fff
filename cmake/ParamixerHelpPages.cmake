# Man pages and completions for bash and zsh, made after the programs are built, from their own help and docs/commands.
set(_pages "${CMAKE_BINARY_DIR}/help_pages")
set(_programs paramixer)
if(PARAMIXER_HAS_GUI)
  list(APPEND _programs paramixer-gui)
endif()
set(_program_files "")
foreach(_program IN LISTS _programs)
  list(APPEND _program_files "$<TARGET_FILE:${_program}>")
endforeach()
file(GLOB _page_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/docs/commands/*.md")
add_custom_command(OUTPUT "${_pages}.stamp"
  COMMAND "${PROJECT_SOURCE_DIR}/cmake/help_pages.sh" "${PROJECT_SOURCE_DIR}" ${PROJECT_VERSION} "${_pages}"
          ${_program_files}
  COMMAND "${CMAKE_COMMAND}" -E touch "${_pages}.stamp"
  DEPENDS ${_programs} ${_page_sources} cmake/help_pages.sh cmake/help_page.awk cmake/help_sections.awk
          cmake/help_options.awk VERBATIM)
add_custom_target(paramixer_help_pages ALL DEPENDS "${_pages}.stamp")

# Installs the pages of one program, selected by the patterns. They do not exist if `./run` built only the programs.
function(paramixer_install_pages program component)
  install(DIRECTORY "${_pages}/man/" DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT ${component} OPTIONAL
          FILES_MATCHING ${ARGN})
  install(FILES "${_pages}/bash/${program}" DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
          COMPONENT ${component} OPTIONAL)
  install(FILES "${_pages}/zsh/_${program}" DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions
          COMPONENT ${component} OPTIONAL)
endfunction()
paramixer_install_pages(paramixer paramixer PATTERN "*.gz" PATTERN "paramixer-gui.*" EXCLUDE)
if(PARAMIXER_HAS_GUI)
  paramixer_install_pages(paramixer-gui gui PATTERN "paramixer-gui.*")
endif()
