/** Money and time as they are shown. @typedef {{minor: number, currency: string}} Money */

/** Digits of a currency's minor unit where they are not two; as the service counts (skills/shopping/money.py). */
export const DIGITS = { JPY: 0, KRW: 0, VND: 0, CLP: 0, ISK: 0, KWD: 3, BHD: 3, JOD: 3, OMR: 3, TND: 3 };

/** @param {Money} money @param {string} language */
export function amount({ minor, currency }, language) {
  const digits = DIGITS[/** @type {keyof typeof DIGITS} */ (currency)] ?? 2;
  const shown = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(language, { style: "currency", currency, currencyDisplay: "narrowSymbol", ...shown }).format(minor / 10 ** digits);
}

/** @param {string} at ISO date or time @param {string} language @param {Intl.DateTimeFormatOptions} style @returns {string} "" where it is none */
export function when(at, language, style) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? "" : new Intl.DateTimeFormat(language, style).format(date);
}
