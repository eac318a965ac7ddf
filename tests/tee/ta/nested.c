/* A client of another TA, and of itself: `echo` is meant. */
#include <tee_internal_api.h>

#define TA_UUID { 0x5b0c3d1e, 0x8a41, 0x4d0b, { 0x9e, 0x11, 0x6c, 0x69, 0x74, 0x65, 0x00, 0x05 } }
#define TA_FLAGS 0
#define TA_STACK_SIZE 0x4000
#define TA_DATA_SIZE 0x8000
#include <user_ta_header.h>

enum command {
	/* Memory in: UUID, 16 bytes in memory order; value out: result and origin. Keeps the session. */
	COMMAND_OPEN = 0,
	/* Value in: a and b; value in and out; value out: result and origin. Invokes command 1, swapped and summed. */
	COMMAND_VALUES = 1,
	/* Memory in, memory out, memory in and out; value out: result and origin. Invokes command 2 with client memory. */
	COMMAND_MEMORY = 2,
	/* Value out: result and origin. Invokes command 2 with memory of its own, and compares. */
	COMMAND_PRIVATE = 3,
	/* Value in: command, and result it is asked for; value out: result and origin. */
	COMMAND_FAIL = 4,
	/* Closes the session. */
	COMMAND_CLOSE = 5,
	/* Value out: result and origin of opening a TA that does not exist. */
	COMMAND_ABSENT = 6,
};

#define NONE TEE_PARAM_TYPE_NONE
#define VALUE_IN TEE_PARAM_TYPE_VALUE_INPUT
#define VALUE_OUT TEE_PARAM_TYPE_VALUE_OUTPUT
#define VALUE_BOTH TEE_PARAM_TYPE_VALUE_INOUT
#define MEMREF_IN TEE_PARAM_TYPE_MEMREF_INPUT
#define MEMREF_OUT TEE_PARAM_TYPE_MEMREF_OUTPUT
#define MEMREF_BOTH TEE_PARAM_TYPE_MEMREF_INOUT

static TEE_TASessionHandle session;

TEE_Result TA_CreateEntryPoint(void)
{
	return TEE_SUCCESS;
}

void TA_DestroyEntryPoint(void)
{
	TEE_CloseTASession(session);
}

TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[4], void **context)
{
	(void)types;
	(void)params;
	(void)context;
	return TEE_SUCCESS;
}

void TA_CloseSessionEntryPoint(void *context)
{
	(void)context;
}

static TEE_Result open(uint32_t types, TEE_Param params[4])
{
	TEE_UUID uuid;

	if (types != TEE_PARAM_TYPES(MEMREF_IN, VALUE_OUT, NONE, NONE) || params[0].memref.size != sizeof(uuid))
		return TEE_ERROR_BAD_PARAMETERS;
	TEE_MemMove(&uuid, params[0].memref.buffer, sizeof(uuid));
	params[1].value.a = TEE_OpenTASession(&uuid, TEE_TIMEOUT_INFINITE, 0, NULL, &session, &params[1].value.b);
	return TEE_SUCCESS;
}

static TEE_Result values(uint32_t types, TEE_Param params[4])
{
	const uint32_t inner_types = TEE_PARAM_TYPES(VALUE_IN, VALUE_OUT, VALUE_BOTH, NONE);
	TEE_Param inner[4] = { 0 };

	if (types != TEE_PARAM_TYPES(VALUE_IN, VALUE_BOTH, VALUE_OUT, VALUE_OUT))
		return TEE_ERROR_BAD_PARAMETERS;
	inner[0] = params[0];
	inner[2] = params[1];
	params[3].value.a =
		TEE_InvokeTACommand(session, TEE_TIMEOUT_INFINITE, 1, inner_types, inner, &params[3].value.b);
	params[1] = inner[2];
	params[2] = inner[1];
	return TEE_SUCCESS;
}

static TEE_Result memory(uint32_t types, TEE_Param params[4])
{
	const uint32_t inner_types = TEE_PARAM_TYPES(MEMREF_IN, MEMREF_OUT, MEMREF_BOTH, NONE);
	TEE_Param inner[4] = { 0 };

	if (types != TEE_PARAM_TYPES(MEMREF_IN, MEMREF_OUT, MEMREF_BOTH, VALUE_OUT))
		return TEE_ERROR_BAD_PARAMETERS;
	inner[0] = params[0];
	inner[1] = params[1];
	inner[2] = params[2];
	params[3].value.a =
		TEE_InvokeTACommand(session, TEE_TIMEOUT_INFINITE, 2, inner_types, inner, &params[3].value.b);
	params[1].memref.size = inner[1].memref.size;
	params[2].memref.size = inner[2].memref.size;
	return TEE_SUCCESS;
}

static TEE_Result private_memory(uint32_t types, TEE_Param params[4])
{
	const uint32_t inner_types = TEE_PARAM_TYPES(MEMREF_IN, MEMREF_OUT, MEMREF_BOTH, NONE);
	static const char text[] = "of the caller's own";
	char copied[64] = { 0 };
	char reversed[4] = { 'a', 'b', 'c', 'd' };
	TEE_Param inner[4] = { 0 };

	if (types != TEE_PARAM_TYPES(VALUE_OUT, VALUE_OUT, NONE, NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	inner[0].memref.buffer = (void *)(uintptr_t)text;
	inner[0].memref.size = sizeof(text);
	inner[1].memref.buffer = copied;
	inner[1].memref.size = sizeof(copied);
	inner[2].memref.buffer = reversed;
	inner[2].memref.size = sizeof(reversed);
	params[0].value.a =
		TEE_InvokeTACommand(session, TEE_TIMEOUT_INFINITE, 2, inner_types, inner, &params[0].value.b);
	params[1].value.a = inner[1].memref.size;
	params[1].value.b = !TEE_MemCompare(copied, text, sizeof(text)) && !TEE_MemCompare(reversed, "dcba", 4);
	return TEE_SUCCESS;
}

static TEE_Result fail(uint32_t types, TEE_Param params[4])
{
	TEE_Param inner[4] = { 0 };

	if (types != TEE_PARAM_TYPES(VALUE_IN, VALUE_OUT, NONE, NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	inner[0].value.a = params[0].value.b;
	params[1].value.a = TEE_InvokeTACommand(session, TEE_TIMEOUT_INFINITE, params[0].value.a,
						TEE_PARAM_TYPES(VALUE_IN, VALUE_OUT, NONE, NONE), inner,
						&params[1].value.b);
	return TEE_SUCCESS;
}

static TEE_Result absent(uint32_t types, TEE_Param params[4])
{
	const TEE_UUID uuid = { 0xffffffff, 0, 0, { 0 } };
	TEE_TASessionHandle none;

	if (types != TEE_PARAM_TYPES(VALUE_OUT, NONE, NONE, NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	params[0].value.a = TEE_OpenTASession(&uuid, TEE_TIMEOUT_INFINITE, 0, NULL, &none, &params[0].value.b);
	return TEE_SUCCESS;
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types, TEE_Param params[4])
{
	(void)context;
	switch (command) {
	case COMMAND_OPEN:
		return open(types, params);
	case COMMAND_VALUES:
		return values(types, params);
	case COMMAND_MEMORY:
		return memory(types, params);
	case COMMAND_PRIVATE:
		return private_memory(types, params);
	case COMMAND_FAIL:
		return fail(types, params);
	case COMMAND_CLOSE:
		TEE_CloseTASession(session);
		session = TEE_HANDLE_NULL;
		return TEE_SUCCESS;
	case COMMAND_ABSENT:
		return absent(types, params);
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}
