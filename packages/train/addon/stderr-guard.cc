// Keeps what a shared library writes to the standard error stream while it loads. libtensorflow writes two lines before its log
// level can be set, and JavaScript cannot redirect a file descriptor. Exports begin() and end(), which returns the text.
#include <cstdio>
#include <string>

#include <unistd.h>

#include "node_api.h"

namespace {

int saved = -1;
FILE* kept = nullptr;

// Redirects the stream into a file without a name; without effect where there is no room for one.
napi_value Begin(napi_env, napi_callback_info) {
  if (saved != -1) return nullptr;
  kept = std::tmpfile();
  if (kept == nullptr) return nullptr;
  saved = dup(STDERR_FILENO);
  if (saved == -1 || dup2(fileno(kept), STDERR_FILENO) == -1) {
    if (saved != -1) close(saved);
    saved = -1;
    std::fclose(kept);
  }
  return nullptr;
}

// Puts the stream back, and returns what was written meanwhile.
napi_value End(napi_env env, napi_callback_info) {
  std::string text;
  if (saved != -1) {
    std::fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    saved = -1;
    std::rewind(kept);
    char piece[4096];
    for (size_t read; (read = std::fread(piece, 1, sizeof piece, kept)) > 0;) text.append(piece, read);
    std::fclose(kept);
  }
  napi_value result;
  return napi_create_string_utf8(env, text.data(), text.size(), &result) == napi_ok ? result : nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  const napi_property_descriptor properties[] = {
      {"begin", nullptr, Begin, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"end", nullptr, End, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  napi_define_properties(env, exports, 2, properties);
  return exports;
}
