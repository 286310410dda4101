// Starts the program inside the single executable.

// Node 26.10 forgot fs.writev where it looks for files in the executable, and throws. Without this, streams call fs.write.
delete require("node:fs").WriteStream.prototype._writev;

// oxlint-disable-next-line import/no-unassigned-import -- it starts by itself
require("./dist/ironlog.cjs");
