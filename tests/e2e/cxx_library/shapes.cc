// SPDX-License-Identifier: GPL-2.0-or-later
#include "figures.hh"

namespace figures {
inline namespace v1 {

class shape::style { public: int width; colour line; };
struct disc::impl { shape::kind before; std::vector<int> cache; };

int shape::count;
shape::shape() : at_{0, 0}, kind_(open), marked_(0), style_(new style{1, colour::blue}) { count++; }
shape::~shape() { delete style_; }
void shape::move(point by) { at_ = at_ + by; }
void shape::paint(colour with) volatile { style_->line = with; }

named::~named() {}
std::string named::name() const { return name_; }
named *named::find(const std::string &name) { return name.empty() ? nullptr : new named; }

disc::disc(double radius) : impl_(new impl{closed, {}}), radius_(radius) {}
double disc::area() const { return radius_ * radius_ * 3; }
std::string disc::name() const { return "disc"; }
void disc::move(point by) { impl_->cache.clear(); shape::move(by); }
}
}
