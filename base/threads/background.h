// Threads that work for nobody who waits.
#pragma once

namespace muster {

/// The calling thread gets the processor behind others from now on: someone waits for an answer of the API,
/// and nobody for the second thousand of a page.
void work_in_background();

}  // namespace muster
