// What a card number, a date and a code look like, and what is wrong with them.
const BRANDS = [
  { name: "Visa", short: "VISA", begins: /^4/, groups: [4, 4, 4, 4] },
  { name: "Mastercard", short: "MC", begins: /^(5[1-5]|2[2-7])/, groups: [4, 4, 4, 4] },
  { name: "Amex", short: "AMEX", begins: /^3[47]/, groups: [4, 6, 5], code: 4 },
  { name: "Diners", short: "DC", begins: /^3[068]/, groups: [4, 6, 4] },
  { name: "Discover", short: "DISC", begins: /^6(011|5)/, groups: [4, 4, 4, 4] },
  { name: "JCB", short: "JCB", begins: /^35/, groups: [4, 4, 4, 4] },
  { name: "UnionPay", short: "UP", begins: /^62/, groups: [4, 4, 4, 4] },
];
const UNKNOWN = { name: "", groups: [4, 4, 4, 4] };

export const digitsOf = (text) => text.replace(/\D/g, "");

export function brandOf(number) {
  return BRANDS.find((brand) => brand.begins.test(number)) ?? UNKNOWN;
}

export function lengthOf(brand) {
  return brand.groups.reduce((sum, group) => sum + group);
}

// `4242424` → `4242 424`
export function grouped(number) {
  const brand = brandOf(number);
  let rest = number.slice(0, lengthOf(brand));
  const groups = [];
  for (const size of brand.groups) {
    groups.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return groups.filter(Boolean).join(" ");
}

// `134` → `01 / 34`: a month beginning with 2 to 9 can only have one digit.
export function dated(digits) {
  const whole = /^[2-9]/.test(digits) ? `0${digits}` : digits;
  const month = whole.slice(0, 2);
  const year = yearOf(whole.slice(2));
  return year ? `${month} / ${year}` : month;
}

// Filled in by a browser, a year may have four digits.
function yearOf(digits) {
  return digits.length === 4 && digits.startsWith("20") ? digits.slice(2) : digits.slice(0, 2);
}

export function problemOfNumber(number) {
  if (!number || number.length < lengthOf(brandOf(number))) {
    return problem("incomplete_number", "Your card number is incomplete.");
  }
  return passesLuhn(number) ? null : problem("invalid_number", "Your card number is invalid.");
}

export function problemOfExpiry(digits, today = new Date()) {
  if (digits.length < 4) {
    return problem("incomplete_expiry", "Your card's expiration date is incomplete.");
  }
  const month = Number(digits.slice(0, 2));
  if (month < 1 || month > 12) {
    return problem("invalid_expiry_month", "Your card's expiration date is invalid.");
  }
  const months = (2000 + Number(digits.slice(2))) * 12 + month - 1;
  const now = today.getFullYear() * 12 + today.getMonth();
  if (months < now) {
    return problem("invalid_expiry_year_past", "Your card's expiration year is in the past.");
  }
  return months > now + 50 * 12
    ? problem("invalid_expiry_year", "Your card's expiration year is invalid.")
    : null;
}

export function problemOfCode(code, number) {
  return code.length < (brandOf(number).code ?? 3)
    ? problem("incomplete_cvc", "Your card's security code is incomplete.")
    : null;
}

function problem(code, message) {
  return { type: "validation_error", code, message };
}

function passesLuhn(number) {
  const sum = [...number].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
