// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/standing/required.h"

#include <algorithm>
#include <limits>

namespace tidings::searcher {
namespace {

struct Requirement {
  std::vector<TermId> terms;
  double documents = 0;  ///< that have them, together; infinite: nothing is required
};

constexpr double kAllDocuments = std::numeric_limits<double>::infinity();
constexpr double kMany = 1e12;  // more documents than there are

class Requirements {
 public:
  Requirements(const Programs& programs, FunctionRef<double(TermId)> documents)
      : programs_(programs), documents_(documents) {}

  Requirement of(std::uint32_t at) const {
    const Step step = Step::of(programs_.code[at]);
    switch (step.op) {
      case Op::Nothing:
        return {};
      case Op::Term:
        return {{step.argument}, documents_(step.argument)};
      case Op::Like: {
        const TermId start = programs_.likes[step.argument].start;
        return start == TermTable::kNone ? Requirement{{}, kAllDocuments} : Requirement{{start}, kMany};
      }
      case Op::And:
        return rarest(at, step);
      case Op::Or:
        return any(at, step);
      case Op::All:
      case Op::Unsure:
      case Op::Order:
      case Op::Interval:
      case Op::Not:
        break;
    }
    return {{}, kAllDocuments};
  }

 private:
  template <class F>
  void each_operand(std::uint32_t at, Step list, F f) const {
    const std::uint32_t end = at + 1 + list.argument;
    for (std::uint32_t next = at + 1; next < end; next += 1 + Step::of(programs_.code[next]).body()) f(next);
  }

  Requirement rarest(std::uint32_t at, Step list) const {
    Requirement least{{}, kAllDocuments};
    each_operand(at, list, [&](std::uint32_t operand) {
      Requirement its = of(operand);
      if (its.documents < least.documents) least = std::move(its);
    });
    return least;
  }

  Requirement any(std::uint32_t at, Step list) const {
    Requirement all;
    each_operand(at, list, [&](std::uint32_t operand) {
      const Requirement its = of(operand);
      all.documents += its.documents;
      all.terms.insert(all.terms.end(), its.terms.begin(), its.terms.end());
    });
    return all;
  }

  const Programs& programs_;
  FunctionRef<double(TermId)> documents_;
};

}  // namespace

std::optional<std::vector<TermId>> required_terms(const Programs& programs, std::uint32_t begin,
                                                  FunctionRef<double(TermId)> documents) {
  Requirement all = Requirements(programs, documents).of(begin);
  if (all.documents == kAllDocuments) return std::nullopt;
  std::sort(all.terms.begin(), all.terms.end());
  all.terms.erase(std::unique(all.terms.begin(), all.terms.end()), all.terms.end());
  return std::move(all.terms);
}

}  // namespace tidings::searcher
