"""A language model as a coder: asked call by call over the usual protocol, every answer recorded as it came.

Only ``egdata code`` uses this module. Nothing else of egdata sends anything anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from egdata import __version__
from egdata.base.errors import EgdataError
from egdata.codebook.codebook import codebook_sha256
from egdata.coding.answers import Recorded, add_call, read_answers, replies_in, said_in, write_header
from egdata.coding.coders import statements_sha256
from egdata.coding.coding import Coding
from egdata.coding.prompts import BATCH, Call, about_tokens, answer_schema, calls, instructions, prompt_sha256

if TYPE_CHECKING:
    from openai import OpenAI

KEY = "OPENAI_API_KEY"  # the variable of the environment, as the client itself calls it; a local server needs none
NO_KEY = "no-key-is-needed"
RETRIES = 4  # of the client, with growing pauses, after 408, 409, 429, 5xx and broken connections
TIMEOUT = 300.0  # seconds for one call: a small machine takes minutes
WRITTEN = 40  # tokens of an answer for each statement, about
_BINDING = ("codebook", "prompt", "statements", "model", "parameters")  # what must be the same to go on with a file


class Plan(NamedTuple):
    """What is still to be asked."""

    header: dict[str, Any]
    calls: list[Call]
    n_read: int  # tokens that the model will read, about
    n_written: int
    is_begun: bool  # whether the file is there


def plan_calls(
    coding: Coding,
    out: Path,
    model: str,
    *,
    batch: int = BATCH,
    temperature: float | None = 0.0,
    limit: int | None = None,
) -> Plan:
    """What would be asked: every statement that the file has no answer for.

    Parameters
    ----------
    coding : Coding
        That of the rules, whose statements are asked about.
    out : Path
        The file of answers, to be made or to go on with.
    model : str
    batch : int
        Statements of a call.
    temperature : float, optional
        None leaves it to the server.
    limit : int, optional
        Calls at most.

    Raises
    ------
    EgdataError
        If the file was begun with another codebook, report, model or parameters.
    """
    parameters = {"batch": batch} | ({} if temperature is None else {"temperature": temperature})
    header = _header(coding, model, parameters)
    answered: set[str] = set()
    is_begun = out.exists()
    if is_begun:
        recorded = read_answers(out)
        other = [name for name in _BINDING if recorded.header[name] != header[name]]
        if other:
            raise EgdataError(f"{out}: was begun with another {' and '.join(other)}; choose another file for --out")
        answered = said_in(recorded.calls).answered
    statements = coding.to_code
    todo = calls(statements[~statements["statement_id"].isin(answered)], batch)[:limit]
    n_read = sum(about_tokens(instructions(coding.codebook) + call.prompt) for call in todo)
    return Plan(header, todo, n_read, WRITTEN * sum(len(call.ids) for call in todo), is_begun)


def ask_model(
    coding: Coding,
    plan: Plan,
    out: Path,
    url: str,
    *,
    timeout: float = TIMEOUT,
    retries: int = RETRIES,
    tell: Callable[[int], None] | None = None,
) -> Recorded:
    """Ask what is planned, and record each answer before the next question.

    Parameters
    ----------
    coding, plan, out
        As for :func:`plan_calls`.
    url : str
        Of a server that speaks OpenAI's protocol, as ``http://localhost:11434/v1``.
    timeout : float
        Seconds that a call may take.
    retries : int
        How often the client tries again, with growing pauses.
    tell : callable, optional
        Is called with the number of calls done.

    Raises
    ------
    EgdataError
        If the package ``openai`` is not installed, or the server does not answer, refuses, or answers what is not of
        the protocol. The calls before stay in the file; the same command goes on with the rest.
    """
    client = _client(url, timeout, retries)
    system, schema = instructions(coding.codebook), answer_schema(coding.codebook)
    form = {"type": "json_schema", "json_schema": {"name": "answers", "strict": True, "schema": schema}}
    options = {name: value for name, value in plan.header["parameters"].items() if name == "temperature"}
    if not plan.is_begun:
        write_header(out, plan.header)
    for number, call in enumerate(plan.calls, start=1):
        messages = [{"role": "system", "content": system}, {"role": "user", "content": call.prompt}]
        try:
            raw = _answer(client, model=plan.header["model"], messages=messages, response_format=form, **options)
        except EgdataError as error:
            kept = f"{number - 1} of {len(plan.calls)} calls are kept in {out}"
            raise EgdataError(f"{error}; {kept}: run the same command again to go on") from None
        add_call(out, {"ids": call.ids, **raw})
        if tell:
            tell(number)
    return read_answers(out)


def record_replies(coding: Coding, replies: Path, out: Path, name: str) -> Recorded:
    """Record what came back from prompts that were asked by hand.

    Parameters
    ----------
    coding : Coding
    replies : Path
        A text with the JSON objects of all replies, whatever stands around them.
    out : Path
        A new file.
    name : str
        Who answered.

    Raises
    ------
    EgdataError
        If the text cannot be read or has no reply, or the file is there already.
    """
    try:
        text = replies.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise EgdataError(f"{replies}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise EgdataError(f"{replies}: not UTF-8 text") from None
    objects = list(replies_in(text))
    if not objects:
        raise EgdataError(f'{replies}: no reply in it; one looks like {{"answers": [{{"id": …, "positions": […]}}]}}')
    if out.exists():
        raise EgdataError(f"{out}: is there already; choose another file for --out")
    write_header(out, _header(coding, name, {}))
    known = set(coding.to_code["statement_id"])
    for raw, reply in objects:
        ids = [item.get("id") for item in reply["answers"] if isinstance(item, dict)]
        add_call(out, {"ids": [id_ for id_ in ids if isinstance(id_, str) and id_ in known], "raw": raw})
    return read_answers(out)


def _header(coding: Coding, model: str, parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "egdata": __version__,
        "codebook": codebook_sha256(coding.codebook.folder),
        "prompt": prompt_sha256(coding.codebook),
        "statements": statements_sha256(coding.to_code),
        "report": coding.report.meta["report_id"],
        "model": model,
        "parameters": parameters,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _client(url: str, timeout: float, retries: int) -> OpenAI:
    try:
        from openai import OpenAI
    except ImportError:
        raise EgdataError('asking a model needs the package openai: pip install "egdata[models]"') from None
    return OpenAI(base_url=url, api_key=os.environ.get(KEY) or NO_KEY, timeout=timeout, max_retries=retries)


def _answer(client: OpenAI, **question: Any) -> dict[str, Any]:
    """One answer as it came, with what the server says of it."""
    from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAIError

    try:
        completion = client.chat.completions.create(**question)
        choice = completion.choices[0]
        raw = choice.message.content or getattr(choice.message, "refusal", None) or ""
        usage = completion.usage
    except APITimeoutError:
        raise EgdataError(f"the server has not answered in {client.timeout:g} seconds") from None
    except APIConnectionError as error:
        raise EgdataError(f"the server cannot be reached, or broke off ({error.__cause__ or error})") from None
    except APIStatusError as error:
        said = " ".join(str(error.message).split()).replace(client.api_key, "…")[:300]
        raise EgdataError(f"the server answered {error.status_code}: {said}") from None
    except (OpenAIError, AttributeError, IndexError, TypeError, ValueError):
        raise EgdataError("the server's answer is none of the protocol; is the URL the one that ends in /v1?") from None
    said = {"raw": raw, "model": completion.model, "finish_reason": choice.finish_reason or ""}
    said = {name: str(value).replace(client.api_key, "…") for name, value in said.items()}  # a server may echo the key
    return said | ({"usage": [usage.prompt_tokens, usage.completion_tokens]} if usage else {})
