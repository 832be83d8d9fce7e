const SMALLEST_USD = 0.0001;
const usual = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
const belowCent = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  minimumFractionDigits: 2,
  maximumFractionDigits: 4,
});

/** US dollars as "$12.34", below a cent with up to four digits; what is too little for those is "<$0.0001". */
export function toMoney(usd: number): string {
  if (usd > 0 && usd < SMALLEST_USD) return `<${belowCent.format(SMALLEST_USD)}`;
  return (Math.abs(usd) < 0.01 ? belowCent : usual).format(usd);
}
