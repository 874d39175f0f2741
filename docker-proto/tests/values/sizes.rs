//! Bytes, CPUs and lengths of time.

use crate::kit::{bad, good};
use docker_proto::values::{ByteSize, Cpus, Nanoseconds};
use std::time::Duration;

/// docker-py's `ParseBytesTest` and P-38, then go-units' table where it agrees.
#[test]
fn byte_sizes() {
    for (text, bytes, printed) in [
        ("512MB", 536_870_912, "512m"),
        ("512M", 536_870_912, "512m"),
        ("512m", 536_870_912, "512m"),
        ("0", 0, "0"),
        ("0b", 0, "0"),
        ("32", 32, "32"),
        ("32b", 32, "32"),
        ("32B", 32, "32"),
        ("32k", 32 << 10, "32k"),
        ("32K", 32 << 10, "32k"),
        ("32kb", 32 << 10, "32k"),
        ("32Kb", 32 << 10, "32k"),
        ("32Kib", 32 << 10, "32k"),
        ("32KIB", 32 << 10, "32k"),
        ("32Mb", 32 << 20, "32m"),
        ("32Gb", 32 << 30, "32g"),
        ("32Tb", 32 << 40, "32t"),
        ("32Pb", 32 << 50, "32p"),
        ("32 kb", 32 << 10, "32k"),
        ("1024k", 1 << 20, "1m"),
        ("1023k", 1023 << 10, "1023k"),
        ("-1", -1, "-1"),
        ("9223372036854775807", i64::MAX, "9223372036854775807"),
    ] {
        let size = good(text, text.parse::<ByteSize>());
        assert_eq!(size.0, bytes, "{text:?}");
        assert_eq!(size.to_string(), printed);
        assert_eq!(good(printed, printed.parse::<ByteSize>()), size);
    }
    for (number, bytes) in [(ByteSize::from(512i32), 512), (ByteSize::from(-1i64), -1), (ByteSize::from(0u32), 0)] {
        assert_eq!(number.0, bytes, "numbers pass");
    }
    assert_eq!(good("u64", ByteSize::try_from(5u64)).0, 5);
    bad("u64", "64 bits", ByteSize::try_from(u64::MAX));
    for (text, rule) in [
        ("512MK", "the unit must be"),
        ("512L", "the unit must be"),
        ("127.0.0.1K", "a whole number"),
        ("1.5k", "next smaller unit"),
        ("9223372036854775807k", "64 bits"),
        ("9223372036854775808", "64 bits"),
        ("", "a whole number"),
        ("hello", "a whole number"),
        ("m", "a whole number"),
        ("-32", "a whole number"),
        ("-1m", "a whole number"),
        (" 32 ", "a whole number"),
        ("32  kb", "the unit must be"),
        ("32 ", "the unit must be"),
        ("32m b", "the unit must be"),
        ("32bm", "the unit must be"),
        ("32ib", "the unit must be"),
        ("32mµ", "the unit must be"),
    ] {
        bad(text, rule, text.parse::<ByteSize>());
    }
}

/// T-43: billionths of a CPU need more than 32 bits.
#[test]
fn cpus() {
    for (text, billionths, printed) in [
        ("1.5", 1_500_000_000, "1.5"),
        ("0.000000001", 1, "0.000000001"),
        (".5", 500_000_000, "0.5"),
        ("2.", 2_000_000_000, "2"),
        ("0", 0, "0"),
        ("5", 5_000_000_000, "5"),
        ("1.500000000000", 1_500_000_000, "1.5"),
        ("9223372036.854775807", i64::MAX, "9223372036.854775807"),
    ] {
        let cpus = good(text, text.parse::<Cpus>());
        assert_eq!((cpus.0, &*cpus.to_string()), (billionths, printed), "{text:?}");
    }
    assert_eq!(Cpus::from(8u16).0, 8_000_000_000);
    for (text, rule) in [
        ("", "a number"),
        (".", "a number"),
        ("-1", "a number"),
        ("1.5.5", "a number"),
        ("1e3", "a number"),
        ("1.0000000001", "nine digits"),
        ("9223372036.854775808", "64 bits"),
        ("99999999999999999999", "64 bits"),
    ] {
        bad(text, rule, text.parse::<Cpus>());
    }
}

#[test]
fn durations() {
    const S: i64 = 1_000_000_000;
    for (text, nanos, printed) in [
        ("0", 0, "0s"),
        ("0s", 0, "0s"),
        ("1ns", 1, "1ns"),
        ("11us", 11_000, "11µs"),
        ("12µs", 12_000, "12µs"),
        ("12μs", 12_000, "12µs"),
        ("1.5us", 1_500, "1.5µs"),
        ("250ms", S / 4, "250ms"),
        ("2.2ms", 2_200_000, "2.2ms"),
        ("1m30s", 90 * S, "1m30s"),
        ("90s", 90 * S, "1m30s"),
        ("1.5h", 5400 * S, "1h30m0s"),
        ("3h5m7.5s", 11_107 * S + S / 2, "3h5m7.5s"),
        ("+5s", 5 * S, "5s"),
        (".5s", S / 2, "500ms"),
        ("5.s", 5 * S, "5s"),
        ("0.3333333333333333333h", 1200 * S, "20m0s"),
        ("30s1m", 90 * S, "1m30s"),
        ("9223372036854775807ns", i64::MAX, "2562047h47m16.854775807s"),
    ] {
        let time = good(text, text.parse::<Nanoseconds>());
        let close = (time.0 - nanos).abs() <= 1;
        assert!(close, "{text:?}: {} is not {nanos}", time.0);
        if time.0 == nanos {
            assert_eq!(time.to_string(), printed);
            assert_eq!(good(printed, printed.parse::<Nanoseconds>()), time);
        }
    }
    assert_eq!(Nanoseconds::from(30i64).0, 30, "docker-py's numbers are nanoseconds");
    assert_eq!(Nanoseconds::from(Duration::from_millis(1)).0, 1_000_000);
    assert_eq!(Nanoseconds::from(Duration::MAX).0, i64::MAX);
    for (text, rule) in [
        ("", "numbers with units"),
        ("30", "needs a unit"),
        ("1m30", "needs a unit"),
        ("-5s", "negative"),
        ("s", "numbers with units"),
        (".s", "numbers with units"),
        ("1.2.3s", "numbers with units"),
        ("3d", "needs a unit"),
        ("1 s", "needs a unit"),
        ("1M", "needs a unit"),
        ("9223372036854775808ns", "64 bits"),
        ("2562048h", "64 bits"),
    ] {
        bad(text, rule, text.parse::<Nanoseconds>());
    }
}
