// Minor units as the page's language writes money: asMoney(1600, "usd", 2) is "$16.00".
export function asMoney(amount, currency, digits) {
  return new Intl.NumberFormat(document.documentElement.lang, {
    style: "currency",
    currency: currency.toUpperCase(),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount / 10 ** digits);
}
