// A library of C++ classes for judge's tests: every way to be a class that an ABI knows.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

namespace figures {
inline namespace v1 {

enum class colour : unsigned char { red, green, blue = 7 };
enum unit { millimetre, inch };

struct point {
	int x, y;
	point operator+(const point &other) const { return {x + other.x, y + other.y}; }
};

class handle { // not trivial to copy
public:
	handle();
	handle(const handle &other);
	~handle();
	int id() const noexcept;
private:
	int id_;
};

class shape {
public:
	class style;
	enum kind { open, closed };
	static int count;
	shape();
	virtual ~shape();
	virtual double area() const = 0;
	virtual void move(point by);
	void paint(colour with = colour::red) volatile;
	kind what() const { return kind_; }
protected:
	point at_;
	kind kind_ : 2;
	unsigned marked_ : 1;
private:
	style *style_;
};

class named {
public:
	virtual ~named();
	virtual std::string name() const;
	static named *find(const std::string &name);
private:
	std::string name_;
};

class disc final : public shape, private named {
public:
	explicit disc(double radius);
	double area() const override;
	std::string name() const override;
	void move(point by) override;
private:
	struct impl;
	impl *impl_;
	double radius_;
};

class vertex : public virtual shape { protected: long weight_; public: vertex(); double area() const override; };
class edge : public virtual shape { protected: long length_; public: edge(); double area() const override; };
class graph : public vertex, public edge { public: graph(); double area() const override; std::vector<point> points() const; };

struct empty {};
struct tagged : empty { [[no_unique_address]] empty more; int n; };

template <class T, unsigned N> class ring {
public:
	void push(T value);
	T items[N];
	struct cursor { unsigned at; };
	cursor here;
};
extern template class ring<point, 4>;

typedef struct { int first, last; } range;
union number { long whole; double real; struct { short low, high; } parts; };

class registry { // made by the library only
	registry();
	registry(const registry &) = delete;
public:
	static registry &get();
	virtual handle add(handle h, tagged t, empty e);
	virtual int size() const;
private:
	int size_;
};

int measure(const shape &s, point &&at, range r, number n, unit in);
int apply(shape &s, double (shape::*what)() const, int point::*which, decltype(nullptr) nothing, bool exact);
ring<point, 4>::cursor rewind(ring<point, 4> *r);
auto twice(int n) -> long;
extern const char *const version;
}
}

extern "C" int figures_open(struct figures_options *options, int (*report)(figures::colour, ...));
