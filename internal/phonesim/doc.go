// Package phonesim is a simulated Android phone: adb connects to it, the
// UiAutomator2 driver works its screen, and a sample app publishes reels. It
// puts together packages adbd (the wire), android (the inside of the phone),
// app and ui (the screen) and uia2 (the driver's server), and adds what tests
// need: a control API, faults, and posts that outlive the phone.
//
// Nothing of the product imports it. It opens two ports, and touches no files
// but its state, its peers' and a scratch directory.
package phonesim
