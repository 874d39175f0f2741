//! Moments as people write them: `10m` ago, seconds with a fraction, RFC 3339.

use super::{Nanoseconds, refuse};
use crate::Result;
use crate::model::{SystemInfo, Timestamp};
use alloc::format;
use core::ops::{Add, Sub};
use core::time::Duration;

impl Timestamp {
    /// Reads what `docker events --since` and `docker logs --since` take: RFC 3339, seconds since 1970, or a length of time
    /// before `now`, as `10m` or `1h30m`.
    ///
    /// Nothing here has a clock, and that of the engine is the one that counts: [`SystemInfo::now`] tells it. A date without
    /// a zone, which the command line takes for local time, is refused.
    ///
    /// ```
    /// use docker_proto::api::system::Events;
    /// use docker_proto::model::Timestamp;
    ///
    /// let now = Timestamp::from(1_700_000_600);
    /// assert_eq!(Timestamp::parse_at(now, "10m")?, Timestamp::from(1_700_000_000));
    /// assert_eq!(Timestamp::parse_at(now, "2023-11-14T22:13:20Z")?, Timestamp::from(1_700_000_000));
    /// let lately = Events::new().since(Timestamp::parse_at(now, "1h30m")?).until(now);
    /// # Ok::<(), docker_proto::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) for anything else.
    #[inline]
    pub fn parse_at(now: Self, text: &str) -> Result<Self> {
        // A number is seconds, though `0` is a length of time as well.
        if let Ok(moment) = Self::parse(text) {
            return Ok(moment);
        }
        match text.parse::<Nanoseconds>() {
            Ok(Nanoseconds(nanos)) => Ok(now - Duration::from_nanos(nanos.unsigned_abs())),
            Err(_) => {
                Err(refuse("time", text, "must be RFC 3339, seconds since 1970, or a length of time such as `10m`"))
            }
        }
    }
}

impl TryFrom<f64> for Timestamp {
    type Error = crate::Error;

    /// Seconds since 1970 with a fraction, as other libraries have them. A number of that size tells moments about 200 ns
    /// apart. What is no number of seconds that fits is refused.
    #[inline]
    fn try_from(seconds: f64) -> Result<Self> {
        if !(-9e18..9e18).contains(&seconds) {
            return Err(refuse(
                "time",
                &format!("{seconds}"),
                "must be a number of seconds since 1970 that fits 64 bits",
            ));
        }
        // `as` cuts towards zero, and `seconds` rounds down. No `floor` without std.
        let mut whole = seconds as i64;
        let mut rest = seconds - whole as f64;
        if rest < 0.0 {
            whole -= 1;
            rest += 1.0;
        }
        // Rounded, and what rounds up to a whole second is carried over.
        Ok(Self::new(whole, (rest * 1e9 + 0.5) as u32))
    }
}

super::read_from_text!(Timestamp);

impl Add<Duration> for Timestamp {
    type Output = Self;

    /// The end of time, if the sum is beyond it.
    #[inline]
    fn add(self, time: Duration) -> Self {
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        // Both are below 1 000 000 000, so the sum fits.
        Self::new(self.seconds.saturating_add(seconds), self.nanos + time.subsec_nanos())
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    /// The beginning of time, if the difference is before it.
    #[inline]
    fn sub(self, time: Duration) -> Self {
        let seconds = self.seconds.saturating_sub(i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
        match self.nanos.checked_sub(time.subsec_nanos()) {
            Some(nanos) => Self { seconds, nanos },
            None => Self::new(seconds.saturating_sub(1), self.nanos + 1_000_000_000 - time.subsec_nanos()),
        }
    }
}

impl SystemInfo {
    /// The engine's clock, when it answered; nothing if it did not tell.
    ///
    /// ```no_run
    /// # fn of(info: docker_proto::model::SystemInfo) -> docker_proto::Result<()> {
    /// use docker_proto::api::system::Events;
    /// use docker_proto::model::Timestamp;
    ///
    /// let now = info.now().expect("engines tell the time");
    /// let events = Events::new().since(Timestamp::parse_at(now, "10m")?).until(now);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    #[inline]
    pub fn now(&self) -> Option<Timestamp> {
        Timestamp::parse(self.system_time.as_deref()?).ok()
    }
}
