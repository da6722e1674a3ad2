// SPDX-License-Identifier: GPL-2.0-or-later
#include "figures.hh"

namespace { struct hidden { int n; int get() const { return n; } } secret; }

struct figures_options { int verbose; const char *path; };

namespace figures {
inline namespace v1 {

handle::handle() : id_(1) {}
handle::handle(const handle &other) : id_(other.id_) {}
handle::~handle() {}
int handle::id() const noexcept { return id_ + secret.get(); }

vertex::vertex() : weight_(0) {}
double vertex::area() const { return 0; }
edge::edge() : length_(0) {}
double edge::area() const { return 0; }
graph::graph() {}
double graph::area() const { return 1; }
std::vector<point> graph::points() const { return {at_}; }

template <class T, unsigned N> void ring<T, N>::push(T value) { items[here.at++ % N] = value; }
template class ring<point, 4>;

registry::registry() : size_(0) {}
registry &registry::get() { static registry one; return one; }
handle registry::add(handle h, tagged t, empty) { size_ += t.n; return h; }
int registry::size() const { return size_; }

int measure(const shape &s, point &&at, range r, number n, unit in) { return s.what() + at.x + r.first + (int)n.whole + in; }
int apply(shape &s, double (shape::*what)() const, int point::*which, decltype(nullptr), bool exact)
{
	point p = {1, 2};
	return exact ? (int)(s.*what)() : p.*which;
}
ring<point, 4>::cursor rewind(ring<point, 4> *r) { r->here.at = 0; return r->here; }
auto twice(int n) -> long { auto f = [n](int by) { return (long)n * by; }; return f(2); }
extern const char *const version;
const char *const version = "1.0";
}
}

extern "C" int figures_open(figures_options *options, int (*report)(figures::colour, ...))
{
	return options->verbose ? report(figures::colour::green, options->path) : 0;
}
