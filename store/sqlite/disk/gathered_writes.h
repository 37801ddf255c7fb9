// A layer of SQLite's between it and the files: fewer and larger writes, and reads (read_ahead.h).
//
// SQLite writes each frame of its log with two calls, and a checkpoint each page of the database with one.
// The layer copies what lies side by side into a buffer and hands it down as one. No order and no error is
// lost by that:
//
// - The log. Frames are kept back until the one that ends a transaction has been written. All are handed down
//   by that very write, so before SQLite shows the commit to readers, and an error of the disk is that
//   write's. What is kept back is of no committed transaction: a crash that takes it takes what recovery
//   would throw away. What is written over frames that were handed down, as SQLite does when a page changes
//   again within a transaction, is not kept back.
// - The database. In WAL mode it is written by checkpoints only, page by page, in order. Pages are kept back
//   until SQLite truncates or syncs the file, which it does before it tells readers that pages are in the
//   database (nBackfill), and so before the log is begun anew; what fails is that call. A crash finds the log
//   whole, and pages of the database old or new. SQLite does neither of the two in a checkpoint that a reader
//   holds back: then no page is kept. The layer sees that by the reader's lock, which SQLite tries to take
//   (https://sqlite.org/walformat.html, section 2.3.2). A checkpoint that failed is done again from its
//   beginning, so what was kept of it is forgotten.
//
// A file belongs to one connection, and only the writing one writes. The others read through the same layer
// without a buffer.
#pragma once

namespace muster::sqlite {

/// For sqlite3_open_v2(). The layer lies over what is SQLite's default when this is asked for the first time.
const char* gathering_vfs();

}  // namespace muster::sqlite
