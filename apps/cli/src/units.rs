//! Sizes, times and counts as people write them.

use std::time::Duration;

/// Bytes: a number with an optional `K`, `M`, `G` or `T`, all powers of 1024.
///
/// # Errors
/// What is wrong with the text, for clap to show.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = text.get(digits.len()..).unwrap_or_default();
    let shift = match unit.to_ascii_uppercase().trim_end_matches('B').trim_end_matches('I') {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return Err(format!("`{unit}` is no unit of size; K, M, G and T are")),
    };
    let number: u64 = digits.parse().map_err(|_| "not a size: give bytes, or 64K, 512M, 2G".to_owned())?;
    number.checked_mul(1 << shift).ok_or_else(|| "more bytes than there can be".into())
}

/// A time: a number with an optional `ms`, `s`, `m` or `h`; seconds without.
///
/// # Errors
/// As [`size`].
pub(crate) fn time(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text.get(digits.len()..).unwrap_or_default() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        other => return Err(format!("`{other}` is no unit of time; ms, s, m and h are")),
    };
    let number: f64 =
        digits.parse().map_err(|_| "not a time: give seconds, or 500ms, 30s, 2m, 1h".to_owned())?;
    let time =
        Duration::try_from_secs_f64(number * unit).map_err(|_| "not a time that can pass".to_owned())?;
    if time.is_zero() { Err("no time at all; leave it out for no limit".into()) } else { Ok(time) }
}

/// Processors: a whole number from 1.
///
/// # Errors
/// As [`size`]; a part of a processor is refused because no active layer enforces it.
pub(crate) fn processors(text: &str) -> Result<u32, String> {
    match (text.parse::<u32>(), text.parse::<f64>()) {
        (Ok(0), _) => Err("at least one processor is needed".into()),
        (Ok(count), _) => Ok(count),
        (Err(_), Ok(share)) if share > 0.0 => {
            Err("nothing here enforces a part of a processor; give a whole number".into())
        }
        _ => Err("not a number of processors".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{processors, size, time};
    use std::time::Duration;

    #[test]
    fn sizes_are_powers_of_1024() {
        assert_eq!(size("4096"), Ok(4096));
        assert_eq!(size("64K"), Ok(64 << 10));
        assert_eq!(size("512M"), Ok(512 << 20));
        assert_eq!(size("2GiB"), Ok(2 << 30));
        assert_eq!(size("1gb"), Ok(1 << 30));
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in ["", "M", "-1", "1.5G", "12X", "99999999999999999999", "99999999999T", "é", "1é"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_have_units() {
        assert_eq!(time("30"), Ok(Duration::from_secs(30)));
        assert_eq!(time("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(time("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(time("2h"), Ok(Duration::from_secs(7200)));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "s", "0", "-3s", "1d", "inf", "nan", "1e400", "é"] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn processors_are_whole() {
        assert_eq!(processors("2"), Ok(2));
        for text in ["0", "1.5", "-1", "many", ""] {
            assert!(processors(text).is_err(), "{text}");
        }
    }
}
