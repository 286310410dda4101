/** What the page itself refuses of a form, by the name of its field. */
export class InvalidField extends Error {
  readonly fields: Readonly<Record<string, readonly string[]>>;

  constructor(name: string, message: string) {
    super(message);
    this.name = "InvalidField";
    this.fields = { [name]: [message] };
  }
}
