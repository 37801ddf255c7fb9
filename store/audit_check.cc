#include "store/audit_check.h"

namespace muster {
namespace {

constexpr size_t kPage = 1000;

struct Page {
  AuditLink start;
  std::vector<AuditEntry> entries;
};

class Check {
 public:
  explicit Check(const std::optional<AuditLink>& known) : known_(known) {}

  /// False when it ends here.
  bool take(const Page& page, bool is_first) {
    // Old entries may be removed meanwhile.
    if (is_first || page.start.number > verdict_.last.number) verdict_.last = page.start;
    if (is_first) verdict_.first = page.start;
    if (is_first && known_ && known_->number == page.start.number && known_->digest != page.start.digest)
      return broken(known_->number, "it has another digest than the one that is known");
    for (const auto& entry : page.entries)
      if (!take(entry)) return false;
    return page.entries.size() == kPage;
  }

  /// Behind which the next page begins.
  std::int64_t position() const { return verdict_.last.number; }

  AuditVerdict end() {
    if (!verdict_.broken_at && known_ && known_->number > verdict_.last.number)
      broken(known_->number,
             "it is known, but missing: the last one is " + std::to_string(verdict_.last.number));
    return std::move(verdict_);
  }

 private:
  bool take(const AuditEntry& entry) {
    const auto number = entry.link.number;
    if (number != verdict_.last.number + 1)
      return broken(verdict_.last.number + 1, "it was removed: the next one is " + std::to_string(number));
    if (audit_digest(verdict_.last.digest, entry) != entry.link.digest)
      return broken(number, "its digest does not fit: it was changed, or the one before it");
    if (known_ && known_->number == number && known_->digest != entry.link.digest)
      return broken(number, "it has another digest than the one that is known");
    verdict_.last = entry.link;
    ++verdict_.entries;
    return true;
  }

  bool broken(std::int64_t number, std::string fault) {
    verdict_.broken_at = number;
    verdict_.fault = std::move(fault);
    return false;
  }

  const std::optional<AuditLink> known_;
  AuditVerdict verdict_;
};

}  // namespace

Result<AuditVerdict> check_audit(Store& store, const std::optional<AuditLink>& known, std::stop_token stop) {
  Check check(known);
  for (bool is_first = true, goes_on = true; goes_on; is_first = false) {
    if (stop.stop_requested()) return failure(Code::cancelled, "the server stops");
    MUSTER_TRY(const auto page, store.read([&](Reader& reader) -> Result<Page> {
      Page next;
      MUSTER_TRY(next.start, reader.audit_start());
      MUSTER_TRY(next.entries, reader.audit_after(check.position(), kPage));
      return next;
    }));
    goes_on = check.take(page, is_first);
  }
  return check.end();
}

}  // namespace muster
