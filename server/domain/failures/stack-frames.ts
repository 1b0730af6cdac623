import { maskWord } from "./word-mask.ts";

/**
 * The frames of the user's own code in a stack trace, nearest to the fault first, as `function (module)`, without
 * line numbers and directories: a frame is the same on another machine and after an edit elsewhere in its file. What
 * belongs to a runtime, a framework or a library is passed over (Sentry calls the rest "in app"). Traces of Node,
 * the JVM, .NET, Python, Go, Ruby and PHP are understood, whichever it is.
 */
export function userFrames(stack: string): string[] {
  const segments: string[][] = [[]];
  let isPython = false;
  let go: string | null = null;
  for (const line of stack.slice(0, MAX_STACK).split("\n", MAX_LINES)) {
    const text = line.slice(0, MAX_LINE).trim();
    if (CAUSE_LINE.test(text)) segments.push([]);
    if (PYTHON.test(text)) isPython = true;
    const frame = go !== null && GO_FILE.test(text) ? goFrame(go, text) : frameOfLine(text);
    go = GO_CALL.test(text) ? text : null;
    if (frame !== null && frame !== segments.at(-1)?.at(-1)) segments.at(-1)?.push(frame);
  }
  // Of a chain of causes, the last trace is that of the fault itself.
  const own = segments.findLast((frames) => frames.length > 0) ?? [];
  // Python lists the outermost call first.
  return (isPython ? own.toReversed() : own).slice(0, MAX_FRAMES);
}

/** Whether a line of a message is a part of a stack trace. */
export function isStackLine(line: string): boolean {
  const text = line.slice(0, MAX_LINE).trim();
  return TRACE_LINE.test(text) || LINE_FORMS.some(({ form }) => form.test(text)) || GO_FILE.test(text);
}

/** The nearest calls tell faults apart; where the outer ones came from is another matter. */
const MAX_FRAMES = 5;
const MAX_STACK = 16_000;
const MAX_LINES = 300;
const MAX_LINE = 500;
const MAX_NAME = 120;

const CAUSE_LINE = /^(?:Caused by: |---> |--- End of inner exception)/;
const TRACE_LINE =
  /^(?:Caused by: |Traceback \(most recent call last\):|\.{3} \d{1,5} more$|--- End of |goroutine \d{1,9} \[|Stack trace:$|#\d{1,4} \{main\}$|thrown in )/;
const PYTHON = /^File "[^"]+", line \d+/;
const GO_CALL =
  /^[\w./\-%]{1,300}(?:\.\(\*?\w{1,100}(?:\[[^\]]{0,50}\])?\))?(?:\.[\w.]{1,200})?\([^)]{0,200}\)$/;
const GO_FILE = /^(?:\/|[A-Z]:).{1,300}\.go:\d{1,7}(?: \+0x[\da-f]{1,9})?$/;

/** Packages and namespaces of runtimes and frameworks. */
const JVM_LIBRARY =
  /^(?:(?:java|jdk|sun|javax|jakarta|kotlin|kotlinx|scala|groovy|akka|reactor|feign|okhttp3|retrofit2|rx|io\.(?:netty|micronaut|quarkus|vertx|grpc|reactivex|lettuce|micrometer|opentelemetry|projectreactor|confluent)|com\.(?:sun|fasterxml|zaxxer|mysql|google\.(?:common|protobuf|gson|cloud)|mongodb|rabbitmq|amazonaws|netflix)|software\.amazon|org\.(?:springframework|apache|hibernate|postgresql|junit|eclipse|jboss|aspectj|slf4j|jetbrains|codehaus|mockito|redisson|reactivestreams|axonframework|jooq|flywaydb|gradle)|net\.(?:sf|bytebuddy)|ch\.qos)\.)/;
const NET_LIBRARY =
  /^(?:System|Microsoft|Npgsql|Newtonsoft|MediatR|MassTransit|Polly|Dapper|Grpc|Confluent|RabbitMQ|Azure|NServiceBus|Amazon|StackExchange|MongoDB|Oracle|MySql|FluentValidation|AutoMapper|Castle|Autofac|Serilog|Wolverine|Rebus|EasyNetQ|Google|xunit|Xunit|NUnit)\./;
const GO_LIBRARY =
  /^(?:runtime|net|net\/http|database\/sql|encoding\/\w+|reflect|sync|context|os|io|testing|panic)\b[./(]/;

type LineForm = { form: RegExp; frame: (groups: { [name: string]: string | undefined }) => string | null };

const LINE_FORMS: readonly LineForm[] = [
  {
    // `at com.acme.Orders.total(Orders.java:12)`, perhaps with loader and module before it.
    form: /^at (?:[\w.@-]{0,80}\/{1,2}){0,2}(?<name>[\w$.<>]{1,300}(?:\/0x[\da-f]{1,16}\.\w{1,60})?)\((?:[\w$.]{1,120}\.(?:java|kt|scala|groovy|clj)(?::\d{1,7})?|Native Method|Unknown Source|<generated>)\)/,
    frame: ({ name = "" }) => (JVM_LIBRARY.test(name) ? null : jvmName(name)),
  },
  {
    // `at handle (/app/src/orders.ts:12:5)`, `at async Promise.all (index 0)`, `at /app/x.js:1:2`.
    form: /^at (?:(?<name>(?:async |new )?[^()]{1,200}?) \(|async )?(?<file>(?:file:\/\/|node:|webpack(?:-internal)?:\/\/|https?:\/\/[\w.-]{1,100}(?::\d{1,5})?\/|[A-Z]:\\)?[^():]{1,300}):\d{1,7}:\d{1,7}\)?$/,
    frame: nodeFrame,
  },
  {
    // `at Acme.Orders.Handler.Handle(Order order) in /src/Handler.cs:line 12`.
    form: /^at (?<name>[\w.<>`|+,[\]$]{1,300})\([^()]{0,300}\)(?: in .{1,300}:line \d{1,7})?$/,
    frame: ({ name = "" }) => (NET_LIBRARY.test(name) ? null : netName(name)),
  },
  {
    form: /^File "(?<file>[^"]{1,300})", line \d{1,7}(?:, in (?<name>.{1,200}))?$/,
    frame: ({ file = "", name = "<module>" }) =>
      /site-packages|dist-packages|\/lib\/python\d|^<|\\Lib\\/.test(file) ? null : inModule(name, file),
  },
  {
    // `/app/orders.rb:12:in 'Order#total'`, with a backtick in front up to Ruby 3.3.
    form: /^(?:from )?(?<file>[^\s:]{1,300}\.rb):\d{1,7}:in [`'](?<name>[^'`]{1,200})'$/,
    frame: ({ file = "", name = "" }) =>
      /\/gems\/|\/lib\/ruby\/|^<internal/.test(file)
        ? null
        : inModule(name.replace(/^(?:block|rescue|ensure)(?: \(\d levels\))? in /, ""), file),
  },
  {
    form: /^#\d{1,4} (?<file>[^()]{1,300}\.php)\(\d{1,7}\): (?<name>[\w\\:>{}-]{1,200})\(/,
    frame: ({ file = "", name = "" }) => (/\/vendor\//.test(file) ? null : inModule(name, file)),
  },
];

function frameOfLine(text: string): string | null {
  for (const { form, frame } of LINE_FORMS) {
    const found = form.exec(text);
    if (found !== null) return frame(found.groups ?? {});
  }
  return null;
}

function nodeFrame({
  name = "<anonymous>",
  file = "",
}: {
  [name: string]: string | undefined;
}): string | null {
  if (/node_modules|\/\.yarn\/|^node:|^internal\/|^native|^<anonymous>|^index \d/.test(file)) return null;
  // What a compiler or an optimiser adds to a name.
  const plain = name.replace(/^(?:async|new) /, "").replace(/ \[as [^\]]{1,100}\]$/, "");
  return inModule(plain.replace(/^(?:Object|Module|Function|process|global)\.(?=.)/, ""), file);
}

function jvmName(name: string): string {
  const plain = name
    .replace(/\$\$(?:EnhancerBy|FastClassBy|SpringCGLIB|Lambda)[^.]{0,100}/, "")
    .replace(/lambda\$(\w+?)\$\d+/, "$1")
    .replace(/\$\d+/g, "");
  return bounded(plain);
}

function netName(name: string): string {
  const plain = name
    // The state machine of an asynchronous method, a local function or closure: the method's name is in it.
    .replace(/[.+]<(\w{1,100})>d__\d{1,5}(?:`\d)?\.MoveNext$/, ".$1")
    .replace(/[.+]<>c(?:__DisplayClass[\d_]{1,11})?(?=\.)/, "")
    .replace(/<(\w{1,100})>(?:b__|g__)\w{0,100}(?:\|[\d_]{1,11})?/, "$1")
    .replace(/`\d|\[[^\]]{0,200}\]/g, "");
  return bounded(plain);
}

function goFrame(call: string, file: string): string | null {
  const name = call.slice(0, call.lastIndexOf("("));
  if (GO_LIBRARY.test(call) || /\/pkg\/mod\/|\/(?:usr\/local|lib)\/go\/|\/vendor\//.test(file)) return null;
  // Closures are numbered in the order of their writing.
  return bounded(
    name.slice(name.lastIndexOf("/") + 1).replace(/(?:\.func\d+)(?:\.\d+|\.func\d+|\.gowrap\d+)*$/, ""),
  );
}

/** The file without its ending, with the folder that it stands in: deployments differ above that. */
function inModule(name: string, file: string): string {
  const path = file
    .replace(/^file:\/\//, "")
    .replace(/[?#].{0,200}$/, "")
    .split(/[/\\]/);
  const [folder, base = ""] = [path.at(-2), path.at(-1)];
  const module = [folder, base.replace(/\.[A-Za-z]{1,5}$/, "")].filter(
    (part) => part !== undefined && part !== "",
  );
  const stable = module.join("/").replace(/(?<![A-Za-z\d])(?=[A-Za-z]{0,40}\d)[A-Za-z\d]+/g, maskWord);
  return bounded(`${name} (${stable})`);
}

function bounded(frame: string): string {
  return frame.slice(0, MAX_NAME).toWellFormed();
}
