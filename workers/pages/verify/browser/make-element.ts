interface Parts {
  className?: string;
  text?: string;
  attributes?: Readonly<Record<string, string>>;
  children?: readonly Node[];
}

/** Text is only ever set as text: what an organisation writes cannot become markup. */
export function makeElement<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  { className, text, attributes = {}, children = [] }: Parts = {},
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className !== undefined) element.className = className;
  if (text !== undefined) element.textContent = text;
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}
