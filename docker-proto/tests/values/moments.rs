//! Moments as people write them.

use docker_proto::ErrorKind;
use docker_proto::model::{SystemInfo, Timestamp};
use std::time::{Duration, SystemTime};

#[test]
fn lengths_of_time_are_before_now() {
    let now = Timestamp::new(1_700_000_600, 250_000_000);
    for (text, moment) in [
        ("10m", "1700000000.250000000"),
        ("1h30m", "1699995200.250000000"),
        ("250ms", "1700000600"),
        ("251ms", "1700000599.999000000"),
        ("1.5s", "1700000598.750000000"),
        ("0s", "1700000600.250000000"),
        // A number is seconds since 1970, whatever its size.
        ("0", "0"),
        ("10", "10"),
        ("1700000000.5", "1700000000.500000000"),
        ("2023-11-14T22:13:20.5Z", "1700000000.500000000"),
        ("2023-11-14T23:13:20+01:00", "1700000000"),
        ("292y", ""),
        ("-10m", ""),
        ("10 m", ""),
        ("", ""),
        ("yesterday", ""),
        // Local time, to the command line. There is no zone here.
        ("2023-11-14", ""),
        ("2023-11-14T22:13:20", ""),
    ] {
        match Timestamp::parse_at(now, text) {
            Ok(found) => assert_eq!(found.to_string(), moment, "{text:?}"),
            Err(e) => {
                assert!(moment.is_empty(), "{text:?}: {e}");
                assert_eq!(e.kind(), ErrorKind::Usage);
                assert!(e.message().contains(&format!("{text:?}")), "{e}");
            }
        }
    }
    assert_eq!(Timestamp::try_from("1700000000").unwrap(), Timestamp::from(1_700_000_000));
}

#[test]
fn seconds_with_a_fraction() {
    for (seconds, moment) in [
        (0.0, "0"),
        (1.5, "1.500000000"),
        (-0.25, "-1.750000000"),
        (-1.0, "-1"),
        (1_704_161_045.5, "1704161045.500000000"),
        // The next number below 2.
        (1.999_999_999_999_999_8, "2"),
        (8e18, "8000000000000000000"),
    ] {
        assert_eq!(Timestamp::try_from(seconds).unwrap().to_string(), moment, "{seconds}");
    }
    for nonsense in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e19, -1e19] {
        let e = Timestamp::try_from(nonsense).unwrap_err();
        assert!(e.kind() == ErrorKind::Usage && e.message().contains("seconds since 1970"), "{e}");
    }
}

#[test]
fn moments_and_lengths_of_time() {
    let moment = Timestamp::new(10, 500_000_000);
    assert_eq!(moment + Duration::from_millis(500), Timestamp::from(11));
    assert_eq!(moment - Duration::from_millis(500), Timestamp::from(10));
    assert_eq!(moment - Duration::from_millis(600), Timestamp::new(9, 900_000_000));
    assert_eq!(Timestamp::from(i64::MAX) + Duration::MAX, Timestamp::new(i64::MAX, 999_999_999));
    assert_eq!((Timestamp::from(i64::MIN) - Duration::MAX).seconds, i64::MIN);
    let now = SystemTime::now();
    assert_eq!(Timestamp::from(now) - Duration::from_secs(60), Timestamp::from(now - Duration::from_secs(60)));
}

#[test]
fn the_clock_of_the_engine() {
    // As 28.5 and podman 4.3 write it.
    let info: SystemInfo = serde_json::from_str(r#"{"SystemTime":"2026-11-21T07:31:25.795051601Z"}"#).unwrap();
    assert_eq!(info.now().unwrap().to_string(), "1795246285.795051601");
    assert_eq!(SystemInfo::new().now(), None);
    assert_eq!(SystemInfo::new().system_time("soon").now(), None);
}
