// What lies between SQLite and the system's files and lets through all that it does not change.
#pragma once

#include <sqlite3.h>

namespace muster::sqlite {

/// A file as a layer sees it: `Own` is what the layer knows of it. SQLite allocates it, with room behind it
/// for the file below.
template <class Own>
struct LayeredFile {
  sqlite3_file base;
  Own own;

  sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods& methods() { return *below()->pMethods; }

  static LayeredFile& of(sqlite3_file* file) { return *reinterpret_cast<LayeredFile*>(file); }
};

/// Calls the same method of the file below.
template <class File, auto Method, class... Values>
int pass_on(sqlite3_file* file, Values... values) {
  File& layered = File::of(file);
  return (layered.methods().*Method)(layered.below(), values...);
}

/// Methods that only pass on, for the layer to replace some. Version 2: with the shared memory that a
/// write-ahead log needs, without mapped files.
template <class File>
constexpr sqlite3_io_methods passing_methods() {
  using M = sqlite3_io_methods;
  return {
      .iVersion = 2,
      .xClose = pass_on<File, &M::xClose>,
      .xRead = pass_on<File, &M::xRead, void*, int, sqlite3_int64>,
      .xWrite = pass_on<File, &M::xWrite, const void*, int, sqlite3_int64>,
      .xTruncate = pass_on<File, &M::xTruncate, sqlite3_int64>,
      .xSync = pass_on<File, &M::xSync, int>,
      .xFileSize = pass_on<File, &M::xFileSize, sqlite3_int64*>,
      .xLock = pass_on<File, &M::xLock, int>,
      .xUnlock = pass_on<File, &M::xUnlock, int>,
      .xCheckReservedLock = pass_on<File, &M::xCheckReservedLock, int*>,
      .xFileControl = pass_on<File, &M::xFileControl, int, void*>,
      .xSectorSize = pass_on<File, &M::xSectorSize>,
      .xDeviceCharacteristics = pass_on<File, &M::xDeviceCharacteristics>,
      .xShmMap = pass_on<File, &M::xShmMap, int, int, int, void volatile**>,
      .xShmLock = pass_on<File, &M::xShmLock, int, int, int>,
      .xShmBarrier = [](sqlite3_file* file) { File::of(file).methods().xShmBarrier(File::of(file).below()); },
      .xShmUnmap = pass_on<File, &M::xShmUnmap, int>,
      .xFetch = nullptr,
      .xUnfetch = nullptr};
}

/// A layer above `system`, to be registered under `name`, which opens its files by `open`.
template <class File>
sqlite3_vfs layer_above(const sqlite3_vfs& system, const char* name, decltype(sqlite3_vfs::xOpen) open) {
  sqlite3_vfs layer = system;
  layer.pNext = nullptr;
  layer.zName = name;
  layer.szOsFile = static_cast<int>(sizeof(File)) + system.szOsFile;
  layer.xOpen = open;
  return layer;
}

}  // namespace muster::sqlite
