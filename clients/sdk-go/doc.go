// Package asa is a client of ASA, the open Amazon scraper API: typed answers, typed errors, and the retries that the
// documentation promises. It needs nothing but the standard library.
//
// Prices are float64: money is a number with the decimals of its currency, far below the 15 digits that a float64 keeps
// exactly as text. Round to the currency's exponent after arithmetic.
//
// What a page does not show is a nil pointer, an empty list or an empty map.
package asa
