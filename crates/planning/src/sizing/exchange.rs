//! Money of a catalogue in the currency of an engagement.

/// Digits of the minor unit of a currency (ISO 4217, 2024): two for most.
pub fn minor_unit_digits(currency: &str) -> u8 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// An amount in minor units of another currency, halves rounded up. `rate_micros` is what one unit of the first currency is
/// worth in the second, in millionths.
pub fn exchanged(amount: i64, from_digits: u8, rate_micros: u64, to_digits: u8) -> i64 {
    let negative = amount < 0;
    let grown = u128::from(amount.unsigned_abs())
        * u128::from(rate_micros)
        * 10_u128.pow(u32::from(to_digits.min(6)));
    let divisor = 1_000_000 * 10_u128.pow(u32::from(from_digits.min(6)));
    let rounded = i64::try_from((grown + divisor / 2) / divisor).unwrap_or(i64::MAX);
    if negative { -rounded } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_converted_by_rate_and_digits() {
        // 100.00 USD at 0.92 = 92.00 EUR, at 150 = 15,000 JPY, at 0.307 = 30.700 KWD.
        assert_eq!(exchanged(10_000, 2, 920_000, minor_unit_digits("EUR")), 9_200);
        assert_eq!(
            exchanged(10_000, 2, 150_000_000, minor_unit_digits("JPY")),
            15_000
        );
        assert_eq!(exchanged(10_000, 2, 307_000, minor_unit_digits("KWD")), 30_700);
        // 0.01 at 0.5 is half a cent.
        assert_eq!(exchanged(1, 2, 500_000, 2), 1);
        assert_eq!(exchanged(-10_000, 2, 920_000, 2), -9_200);
        assert_eq!(exchanged(1_234, 2, 1_000_000, 2), 1_234);
    }
}
