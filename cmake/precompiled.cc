// Nothing of its own: it carries the headers that cmake/precompiled.cmake names.
