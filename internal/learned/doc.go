// Package learned keeps learned.yaml: how elements of a recipe were found on
// screens where the recipe's own selectors found nothing. All workers of a data
// directory share it, so that one of them pays for finding out and the others
// profit.
//
// A record says: on the screen with this fingerprint, this element of this
// recipe is found like so. It holds no coordinates, no text that people wrote,
// and no steps. There is at most one record for an element on a screen: what is
// learned anew takes the place of what was there.
//
//	      Confirm: the learner's own expectation held
//	                       │
//	                       ▼     success of another worker
//	1 failure ◀──────  candidate ─────────────────────────▶ trusted ◀─┐
//	    │                                                     │  │    │ success
//	    ▼                  2 failures in a row, or the first  │  └────┘
//	 retired               before it has worked again         ▼
//	                                                     quarantined
//
// A candidate is used by who learned it and by one other worker at a time,
// without the model; so a wrong one meets one further phone. That a record is
// trusted, or one's own, is what the file says, and was true of an app that may
// have changed since: until it has worked again, with the app's version and since
// a worker began, that worker has it tried by one at a time as well. So a wrong
// one meets one phone, whoever wrote it. What is retired or quarantined is used
// by nobody; it stays, with the reason, until it is learned anew. Where much is
// taken out within an hour, nothing more is learned for that version of the app
// until a person has looked.
//
// While somebody finds out about a screen, the others wait: Await ends with the
// record, or with the lease, which is the right to find out.
//
// The package looks at no phone and asks no model. It decides nothing about
// jobs: whatever fails here, a walk can go on without it, so no error is of
// class fault.Ledger. Nothing of a step that cannot be undone may be stored;
// that is for callers to see to, who know which it is.
package learned
