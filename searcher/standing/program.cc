// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/standing/program.h"

#include <algorithm>

#include "searcher/standing/report_terms.h"

namespace tidings::searcher {
namespace {

class Run {
 public:
  Run(const Programs& programs, ReportTerms& report) : programs_(programs), report_(report) {}

  Verdict step(std::uint32_t at) {
    const Step step = Step::of(programs_.code[at]);
    switch (step.op) {
      case Op::All:
        return Verdict::Yes;
      case Op::Nothing:
        return Verdict::No;
      case Op::Unsure:
        return Verdict::Unsure;
      case Op::Term:
        return verdict(report_.has(step.argument));
      case Op::Order: {
        const auto body = std::span(programs_.code).subspan(at + 1, step.argument);
        return verdict(report_.has_in_order(body[0] != 0, body.subspan(1)));
      }
      case Op::Like:
        return report_.has_like(programs_.likes[step.argument]) ? Verdict::Unsure : Verdict::No;
      case Op::Interval:
        return verdict(report_.is_within(programs_.intervals[step.argument]));
      case Op::And:
        return operands(at, step, Verdict::Yes, Verdict::No,
                        [](Verdict a, Verdict b) { return std::min(a, b); });
      case Op::Or:
        return operands(at, step, Verdict::No, Verdict::Yes,
                        [](Verdict a, Verdict b) { return std::max(a, b); });
      case Op::Not: {
        const Verdict operand = this->step(at + 1);
        return operand == Verdict::Yes ? Verdict::No : operand == Verdict::No ? Verdict::Yes : operand;
      }
    }
    return Verdict::Unsure;
  }

 private:
  static Verdict verdict(bool yes) { return yes ? Verdict::Yes : Verdict::No; }

  /// Up to the first operand that decides.
  template <class F>
  Verdict operands(std::uint32_t at, Step list, Verdict first, Verdict decides, F with) {
    Verdict all = first;
    const std::uint32_t end = at + 1 + list.argument;
    for (std::uint32_t next = at + 1; next < end && all != decides;) {
      all = with(all, step(next));
      next += 1 + Step::of(programs_.code[next]).body();
    }
    return all;
  }

  const Programs& programs_;
  ReportTerms& report_;
};

}  // namespace

Verdict run(const Programs& programs, std::uint32_t begin, ReportTerms& report) {
  return Run(programs, report).step(begin);
}

}  // namespace tidings::searcher
