// Asks libwarden one question and prints the answer in a line; the Go service of the demonstration.
// SPDX-License-Identifier: Apache-2.0
package main

// The caller says where warden.h and libwarden.so are (CGO_CFLAGS, CGO_LDFLAGS). No rpath: the system finds the library.

// #cgo LDFLAGS: -lwarden
// #include <stdlib.h>
// #include <warden.h>
import "C"

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unsafe"
)

const usage = "usage: ask-go POLICIES ENTITIES PRINCIPAL_TYPE PRINCIPAL_ID ACTION_ID RESOURCE_TYPE RESOURCE_ID"

// Warden is a libwarden handle; safe for use by many goroutines.
type Warden struct{ handle *C.warden }

// Entity names a principal, an action or a resource.
type Entity struct{ Type, ID string }

// Answer is a decision and the policies that made it.
type Answer struct {
	Allowed  bool
	Policies []string
}

func failure(e *C.struct_warden_error) error {
	return errors.New(C.GoString(&e.text[0]))
}

// Open loads policies and entities. Close the Warden after use.
func Open(policies, entities string) (*Warden, error) {
	p, e := C.CString(policies), C.CString(entities)
	defer C.free(unsafe.Pointer(p))
	defer C.free(unsafe.Pointer(e))
	var report C.struct_warden_error
	var w Warden
	if C.warden_open(&w.handle, p, e, &report) != C.WARDEN_OK {
		return nil, failure(&report)
	}
	return &w, nil
}

// Close frees the handle.
func (w *Warden) Close() { C.warden_close(w.handle) }

func set(r *C.warden_request, place string, entity Entity) error {
	t, i := C.CString(entity.Type), C.CString(entity.ID)
	defer C.free(unsafe.Pointer(t))
	defer C.free(unsafe.Pointer(i))
	tl, il := C.size_t(len(entity.Type)), C.size_t(len(entity.ID))
	var report C.struct_warden_error
	var code C.int
	switch place {
	case "principal":
		code = C.warden_request_set_principal(r, t, tl, i, il, &report)
	case "action":
		code = C.warden_request_set_action(r, t, tl, i, il, &report)
	case "resource":
		code = C.warden_request_set_resource(r, t, tl, i, il, &report)
	}
	if code != C.WARDEN_OK {
		return failure(&report)
	}
	return nil
}

func newRequest(principal, action, resource Entity) (*C.warden_request, error) {
	r := C.warden_request_new()
	if r == nil {
		return nil, errors.New("out of memory")
	}
	err := set(r, "principal", principal)
	if err == nil {
		err = set(r, "action", action)
	}
	if err == nil {
		err = set(r, "resource", resource)
	}
	if err != nil {
		C.warden_request_free(r)
		return nil, err
	}
	return r, nil
}

// Check asks one question. An error is a denial too.
func (w *Warden) Check(principal, action, resource Entity) (Answer, error) {
	request, err := newRequest(principal, action, resource)
	if err != nil {
		return Answer{}, err
	}
	defer C.warden_request_free(request)
	var report C.struct_warden_error
	var answer *C.warden_answer
	decision := C.warden_check(w.handle, request, &answer, &report)
	if report.code != C.WARDEN_OK {
		return Answer{}, failure(&report)
	}
	defer C.warden_answer_free(answer)
	result := Answer{Allowed: decision == C.WARDEN_ALLOW}
	for i := C.size_t(0); i < C.warden_answer_policy_count(answer); i++ {
		var length C.size_t
		id := C.warden_answer_policy(answer, i, &length)
		result.Policies = append(result.Policies, C.GoStringN(id, C.int(length)))
	}
	return result, nil
}

func (a Answer) reason() string {
	quoted := make([]string, len(a.Policies))
	for i, id := range a.Policies {
		quoted[i] = `"` + id + `"`
	}
	switch len(quoted) {
	case 0:
		return "because no policy permits it"
	case 1:
		return "by policy " + quoted[0]
	}
	return "by policies " + strings.Join(quoted, ", ")
}

func run(args []string) error {
	w, err := Open(args[0], args[1])
	if err != nil {
		return err
	}
	defer w.Close()
	answer, err := w.Check(Entity{args[2], args[3]}, Entity{"Action", args[4]}, Entity{args[5], args[6]})
	if err != nil {
		return err
	}
	word := "DENY"
	if answer.Allowed {
		word = "ALLOW"
	}
	_, err = fmt.Printf("ask-go: %s %s::\"%s\" %s %s::\"%s\" %s (libwarden %s)\n", word, args[2], args[3], args[4], args[5],
		args[6], answer.reason(), C.GoString(C.warden_version()))
	return err
}

func main() {
	if len(os.Args) != 8 {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "ask-go:", err)
		os.Exit(1)
	}
}
