const number = new Intl.NumberFormat("en");

/** Every word about what AI costs me. */
export const spendingStrings = {
  title: "What AI costs",
  hint: "Some of what happens here is written by AI models, which cost money. Here is what was spent for you, by the month (UTC).",
  nothing: "Nothing so far: no money has been spent for you.",
  lessThanACent: "less than a cent",
  spent: (spent: string, limit: string, month: string) => `${spent} of ${limit} in ${month}`,
  projected: (amount: string) => `If it goes on like this, the month comes to ${amount}.`,
  prepaid: (used: string, left: string) =>
    `Out of what was paid in for you came ${used}; ${left} of it is left.`,
  prepaidUnused: (left: string) =>
    `${left} was paid in for you and is left. It is used when the limit is reached.`,
  state: {
    active: { name: "Active.", text: () => "AI models are asked for you." },
    prepaid: {
      name: "Active.",
      text: (until: string) =>
        `This month's limit is reached, so what was paid in for you is used until ${until}.`,
    },
    "used-up": {
      name: "Suspended.",
      text: (until: string) =>
        `This month's limit is reached, so no AI model is asked for you until ${until}. You can go on watching as before; whoever runs this server can raise the limit.`,
    },
    stopped: {
      name: "Suspended.",
      text: () =>
        "Whoever runs this server has stopped AI models for you; ask them about it. You can go on watching as before.",
    },
  },
  providers: {
    title: "By provider",
    columns: ["Provider", "Calls", "Cost"],
    names: {
      anthropic: "Anthropic",
      gemini: "Google Gemini",
      groq: "Groq",
      local: "This server itself",
      mistral: "Mistral",
      openai: "OpenAI",
      together: "Together AI",
    } as Record<string, string>,
  },
  conversations: {
    title: "By conversation",
    hint: "Each goes by the beginning of its id; the file with your data has all of it.",
    columns: ["Conversation", "Calls", "Cost"],
    more: (count: number) =>
      count === 1 ? "And a cheaper one." : `And ${number.format(count)} cheaper ones.`,
  },
  months: { title: "By month", columns: ["Month", "Calls", "Cost"] },
  calls: (count: number) => number.format(count),
};
