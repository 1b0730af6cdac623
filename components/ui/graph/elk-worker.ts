// The engine answers the messages of the worker that it is loaded in.
import "elkjs/lib/elk-worker.min.js";
